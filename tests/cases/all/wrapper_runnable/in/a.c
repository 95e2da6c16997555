int value(void) { return Y; }
