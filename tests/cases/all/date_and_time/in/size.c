const char* when(void) { return __DATE__; }
char room[sizeof(__TIME__)];
