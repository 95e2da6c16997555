#include <thread>

#include "queue.h"

std::uint64_t sum_by_threads(const std::vector<std::uint32_t>& numbers, std::size_t threads) {
  Queue queue;
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < threads; ++i) {
    const std::size_t from = numbers.size() * i / threads;
    const std::size_t to = numbers.size() * (i + 1) / threads;
    running.emplace_back([&, from, to] { queue.put(sum(numbers, from, to)); });
  }
  std::uint64_t out = 0;
  for (std::thread& thread : running) {
    thread.join();
    out += queue.take();
  }
  return out;
}
