#include "when.h"
const char* when(void) { return NOW; }
