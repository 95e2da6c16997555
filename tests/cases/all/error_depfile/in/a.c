#include "h.h"
int value(void) { return V; }
