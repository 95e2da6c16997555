const char* when(void) { return __DATE__ " " __TIME__; }
