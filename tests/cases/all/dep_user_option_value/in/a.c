#include <stddef.h>
#include "a.h"
size_t size(void) { return LIMIT; }
