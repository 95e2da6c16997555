#include <Tool/part.h>
int part = PART;
