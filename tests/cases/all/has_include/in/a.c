#if __has_include("extra.h")
int found = 1;
#else
int found = 0;
#endif
