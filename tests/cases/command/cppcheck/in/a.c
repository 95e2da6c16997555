#include "h.h"
static int g(int *p) {
  int a[2];
  a[2] = h();
  return *p;
}
