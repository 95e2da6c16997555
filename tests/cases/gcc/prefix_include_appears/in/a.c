#include <level.h>
int level = LEVEL;
