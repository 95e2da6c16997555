#ifndef OPTION
#define OPTION 0
#endif
int option = OPTION;
