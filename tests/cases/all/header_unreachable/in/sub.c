#include <sub/h.h>
