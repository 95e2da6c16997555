#ifndef SUM_H
#define SUM_H

#include <cstdint>
#include <vector>

// Of a part of the numbers.
std::uint64_t sum(const std::vector<std::uint32_t>& numbers, std::size_t from, std::size_t to);

// Of all, by several threads.
std::uint64_t sum_by_threads(const std::vector<std::uint32_t>& numbers, std::size_t threads);

#endif
