#include <v.h>
int value(void) { return V; }
