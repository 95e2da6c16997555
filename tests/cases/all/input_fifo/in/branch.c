#ifdef NEVER
#include "branch.h"
#endif
int branch;
