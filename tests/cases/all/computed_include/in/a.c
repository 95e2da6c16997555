#include NAME
int value(void) { return V; }
