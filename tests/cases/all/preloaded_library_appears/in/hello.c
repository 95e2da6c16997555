#include <stdio.h>
__attribute__((constructor)) static void hello(void) { fputs("hello\n", stderr); }
