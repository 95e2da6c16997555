#include "e.h"
#pragma GCC dependency "e.h"
int f = X;
