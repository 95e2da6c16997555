#define TEXT(x) #x
#define THERE(name) __has_include(TEXT(name))
#if THERE(maybe.h)
int there = 1;
#else
int there = 0;
#endif
