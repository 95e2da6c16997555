#include <stdio.h>
#include "a.h"
int main(void) { printf("hello %d\n", A); return 0; }
