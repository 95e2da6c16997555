#include "sub/h.h"
int value(void) { return V; }
