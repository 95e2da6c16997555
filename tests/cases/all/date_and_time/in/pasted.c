#define PASTED(a, b) a##b
const char* when(void) { return __DATE__ PASTED(__TI, ME__); }
