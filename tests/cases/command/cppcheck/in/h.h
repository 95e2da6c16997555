static int h(void) { return 0; }
