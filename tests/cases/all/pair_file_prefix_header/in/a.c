#include <h.h>
const char* place(void) { return where(); }
