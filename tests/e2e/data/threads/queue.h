#ifndef QUEUE_H
#define QUEUE_H

#include <condition_variable>
#include <mutex>
#include <queue>

#include "sum.h"

// Sums on their way from the threads that make them to the one that adds them up.
class Queue {
 public:
  void put(std::uint64_t part);
  std::uint64_t take();  // waits for one

 private:
  std::mutex mutex_;
  std::condition_variable is_filled_;
  std::queue<std::uint64_t> parts_;
};

#endif
