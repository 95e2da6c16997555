#if __has_include(<k.h>)
#include <k.h>
#endif
int tested;
