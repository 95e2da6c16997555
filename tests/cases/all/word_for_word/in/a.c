#include <a.h>
#if __has_include("one/a.h")
#include "one/a.h"
#endif
int a = A;
