#include "a.h"
const char* f(void) { return A_FILE; }
