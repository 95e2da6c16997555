const char* when(void) { return __TIME__; }
