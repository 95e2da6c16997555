// The time of day, a clock that never goes back, and short waits.
//
// Thread: any.
#pragma once

#include <cstdint>

namespace zc::os {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// Since the epoch.
std::int64_t wall_ns();

// Since some moment of this boot; for durations and deadlines.
std::int64_t monotonic_ns();
inline std::int64_t monotonic_ms() {
  return monotonic_ns() / 1'000'000;
}

void sleep_ms(int milliseconds);

// A point in time by which something must have happened.
class Deadline {
 public:
  explicit Deadline(std::int64_t milliseconds) : at_ms_(monotonic_ms() + milliseconds) {}

  bool passed() const { return left_ms() == 0; }
  int left_ms() const {
    const std::int64_t left = at_ms_ - monotonic_ms();
    return left > 0 ? static_cast<int>(left) : 0;
  }

 private:
  std::int64_t at_ms_;
};

}  // namespace zc::os
