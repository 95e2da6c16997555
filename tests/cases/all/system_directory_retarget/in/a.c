#include <release.h>
int release(void) { return RELEASE; }
