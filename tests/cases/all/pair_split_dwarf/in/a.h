#ifndef LIMIT
#define LIMIT 10
#endif
int twice(int value);
