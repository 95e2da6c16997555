#include <assert.h>
int half(int value) {
  assert(value % 2 == 0);
  return value / 2;
}
