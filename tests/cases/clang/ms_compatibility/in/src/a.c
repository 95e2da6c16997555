#include "below/middle.h"
int number = NUMBER;
