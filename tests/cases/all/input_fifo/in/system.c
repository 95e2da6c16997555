#include <s.h>
int s = S;
