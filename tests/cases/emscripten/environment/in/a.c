int a =
#ifdef B
  1
#else
  2
#endif
;
#ifdef C
int c;
#endif
