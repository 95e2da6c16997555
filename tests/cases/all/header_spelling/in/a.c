#include <h.h>
const char* file = HERE;
