#include <who.h>
const char* who(void) { return WHO; }
