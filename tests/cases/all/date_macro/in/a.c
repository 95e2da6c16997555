const char* when(void) { return __DATE__; }
