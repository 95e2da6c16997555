const char* t = __DATE__ __TIME__;
