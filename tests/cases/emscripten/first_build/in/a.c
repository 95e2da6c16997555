#include <stddef.h>
size_t a;
