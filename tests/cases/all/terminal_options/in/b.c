int b(void) { return c; }
