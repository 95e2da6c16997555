#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
const char* when(void) { return __DATE__ TEXT(__TIME__); }
