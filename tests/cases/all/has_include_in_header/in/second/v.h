#ifdef __has_include
#  if __has_include(<lib/extra.h>)
#    define V 2
#  endif
#endif
#ifndef V
#  define V 1
#endif
