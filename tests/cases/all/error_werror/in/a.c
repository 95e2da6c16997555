static int unused(void) { return 1; }
int value(void) { return 2; }
