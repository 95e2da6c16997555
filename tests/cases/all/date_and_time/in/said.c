#define SAID(x) _Pragma(#x)
#define SAY(x) SAID(message x)
SAY(__TIME__)
const char* when(void) { return __DATE__; }
