#include "h.h"
#ifdef TWO
int two;
#endif
int f(void) { return ONE; }
