const char* when(void) { return __TIMESTAMP__; }
