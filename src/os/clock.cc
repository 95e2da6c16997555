#include "os/clock.h"

#include <time.h>

namespace zc::os {

namespace {

std::int64_t now_ns(clockid_t clock) {
  timespec now = {};
  ::clock_gettime(clock, &now);
  return static_cast<std::int64_t>(now.tv_sec) * kSecondNs + now.tv_nsec;
}

}  // namespace

std::int64_t wall_ns() {
  return now_ns(CLOCK_REALTIME);
}

std::int64_t monotonic_ns() {
  return now_ns(CLOCK_MONOTONIC);
}

void sleep_ms(int milliseconds) {
  const timespec pause = {.tv_sec = milliseconds / 1000,
                          .tv_nsec = static_cast<long>(milliseconds % 1000) * 1'000'000};
  ::nanosleep(&pause, nullptr);
}

}  // namespace zc::os
