#include <h.h>
int b() { return g(); }
