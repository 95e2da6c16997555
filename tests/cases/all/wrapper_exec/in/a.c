#include "a.h"
int value(void) { return X + V; }
