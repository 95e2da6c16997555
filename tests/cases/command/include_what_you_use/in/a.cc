#include <vector>
#include "h.h"
int a() { return 1; }
