int value(void) { return X; }
