#include "queue.h"

void Queue::put(std::uint64_t part) {
  const std::lock_guard<std::mutex> lock(mutex_);
  parts_.push(part);
  is_filled_.notify_one();
}

std::uint64_t Queue::take() {
  std::unique_lock<std::mutex> lock(mutex_);
  is_filled_.wait(lock, [&] { return !parts_.empty(); });
  const std::uint64_t part = parts_.front();
  parts_.pop();
  return part;
}
