#include "a.h"
int value(void) { return V; }
