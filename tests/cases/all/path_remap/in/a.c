#include "a.h"

int a(void) { return A; }
