#include "paste.h"
const char *when = WRAP(TIME);
