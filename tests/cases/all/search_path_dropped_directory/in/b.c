#include <number.h>
int other = -NUMBER;
