#ifndef PART
#define PART 1
#endif
int part = PART;
