#include "sum.h"

#include <numeric>

std::uint64_t sum(const std::vector<std::uint32_t>& numbers, std::size_t from, std::size_t to) {
  return std::accumulate(numbers.begin() + from, numbers.begin() + to, std::uint64_t{0});
}
