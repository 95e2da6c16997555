#ifndef SPECS
#define SPECS 0
#endif
int specs = SPECS;
