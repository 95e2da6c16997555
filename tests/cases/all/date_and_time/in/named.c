/* Not __TIME__, which is in no token. */
#ifdef __TIME__
#define CLOCK __TIME__
#endif
const char* when(void) { return __DATE__; }
