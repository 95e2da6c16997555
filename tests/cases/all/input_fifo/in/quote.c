#include "g.h"
int g = G;
