int b(void) { int x; return x; }
