#include_next <chain.h>
