#define HEADER "g.h"
#include HEADER
int computed = G;
