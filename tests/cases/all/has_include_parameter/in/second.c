#define THERE(number, name) __has_include(name)
#if THERE(7, <maybe.h>)
int there = 1;
#else
int there = 0;
#endif
