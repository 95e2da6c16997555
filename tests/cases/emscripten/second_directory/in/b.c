#if __has_include("b.h")
#include "b.h"
#else
#define A 3
#endif
int a = A;
