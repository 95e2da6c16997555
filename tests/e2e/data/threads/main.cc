#include <cstdio>

#include "sum.h"

int main() {
  std::vector<std::uint32_t> numbers(100000);
  for (std::uint32_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = i * i;
  }
  const unsigned long long alone = sum(numbers, 0, numbers.size());
  const unsigned long long together = sum_by_threads(numbers, 4);
  std::printf("%llu %s\n", together, alone == together ? "by one and by four" : "WRONG");
  return alone == together ? 0 : 1;
}
