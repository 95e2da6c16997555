#include "h.h"
int main() { int *p = 0; return p == q; }
