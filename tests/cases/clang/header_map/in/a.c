#include <part.h>
int part = PART;
