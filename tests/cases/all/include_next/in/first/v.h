#include_next <v.h>
