#include "os/clock.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace zc::os {

namespace {

std::int64_t now_ns(clockid_t clock) {
  timespec now = {};
#ifdef ZCCACHE_OWN_RUNTIME
  // musl's function looks for the kernel's own in the vDSO. A client reads the clock a few times
  // only, and the two pages that this touches cost more than the system calls.
  (void)::syscall(SYS_clock_gettime, clock, &now);
#else
  ::clock_gettime(clock, &now);
#endif
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
