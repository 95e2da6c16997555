#include "a.h"
int a() { return A; }
