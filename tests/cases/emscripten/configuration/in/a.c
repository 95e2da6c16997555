#ifndef OTHER
#define OTHER 3
#endif
#ifndef TIME
#define TIME 0
#endif
long long a[] = {OTHER, TIME};
