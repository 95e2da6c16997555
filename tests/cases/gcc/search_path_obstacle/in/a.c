#include <number.h>
int number = NUMBER;
