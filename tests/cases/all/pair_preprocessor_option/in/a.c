#include "a.h"

int twice(int value) {
  int unused_here = LIMIT;
  return value * 2 + LIMIT;
}
