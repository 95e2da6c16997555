int value(void) { return PRE + MAC; }
