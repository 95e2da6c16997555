// The time of day, a clock that never goes back, and short waits.
//
// Thread: any.
#pragma once

#include <algorithm>
#include <cstdint>

namespace zc::os {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// Nanoseconds since the epoch (CLOCK_REALTIME), to be compared with times of files. May jump.
std::int64_t wall_ns();

// Nanoseconds since some moment of this boot (CLOCK_MONOTONIC); for durations and deadlines.
std::int64_t monotonic_ns();
inline std::int64_t monotonic_ms() {
  return monotonic_ns() / 1'000'000;
}

// Returns early if a signal is handled meanwhile.
void sleep_ms(int milliseconds);

// A point in time by which something must have happened. One of 0 ms has passed at once.
class Deadline {
 public:
  explicit Deadline(std::int64_t milliseconds) : at_ms_(monotonic_ms() + milliseconds) {}

  bool passed() const { return left_ms() == 0; }
  // Never below 0, so that poll does not take it for "for ever".
  int left_ms() const {
    const std::int64_t left = at_ms_ - monotonic_ms();
    return left > 0 ? static_cast<int>(left) : 0;
  }

 private:
  std::int64_t at_ms_;
};

// Asks `is_done` again and again, with pauses of `pause_ms`. False once the deadline has passed.
template <class IsDone>
bool wait_until(IsDone is_done, const Deadline& deadline, int pause_ms) {
  while (!is_done()) {
    if (deadline.passed()) {
      return false;
    }
    sleep_ms(std::min(pause_ms, deadline.left_ms()));
  }
  return true;
}

}  // namespace zc::os
