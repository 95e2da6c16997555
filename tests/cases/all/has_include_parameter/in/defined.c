#if THERE(maybe.h)
int there = 1;
#else
int there = 0;
#endif
