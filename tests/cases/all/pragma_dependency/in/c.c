#include "h.h"
int f;
