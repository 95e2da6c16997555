#include <stddef.h>
#include <limits.h>
#include "a.h"
#include "inc/b.h"
size_t size(void) { return V; }
