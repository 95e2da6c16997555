#define NAME <extra.h>
#if __has_include(NAME)
int found = 1;
#else
int found = 0;
#endif
