#include "paste.h"
const char *when = CAT(__TI, ME__);
