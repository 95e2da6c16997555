#define A_FILE __FILE__
#include <b.h>
