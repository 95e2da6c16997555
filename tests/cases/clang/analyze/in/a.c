#include "h.h"
int f(void) { int *p = NOTHING; return *p; }
