#include "paste.h"
int CAT(ti, me) = 1; /* any TIME will do */
