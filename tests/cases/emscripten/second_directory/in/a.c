#include <stdio.h>
#include "a.h"
#ifdef B
#undef A
#define A 5
#endif
int main(void) { int unused; printf("hello %d %s\n", A, __FILE__); return 0; }
