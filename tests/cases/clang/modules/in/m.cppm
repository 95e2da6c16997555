module;
#include "deep.h"
export module m;
export int f() { return V; }
