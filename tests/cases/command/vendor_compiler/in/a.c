#include "h.h"
int a = ONE;
