#include "observer/file_times.h"

#include "observer/channel.h"
#include "observer/event.h"

namespace zc::observer {

namespace {

// A bit that no ordinary file system sets in the number of a file.
constexpr unsigned long kOtherNumber = 1UL << 52;

// The time of a file may be behind the clock by a tick of the kernel.
constexpr long kTickNs = 12'000'000;
constexpr long kSecondNs = 1'000'000'000;

bool is_of_run(long seconds, long nanoseconds) {
  const long since_ns = unknown_since_ns();
  return since_ns != 0 && seconds >= since_ns / kSecondNs - 1 &&
         seconds * kSecondNs + nanoseconds >= since_ns - kTickNs;
}
bool is_of_run(const struct timespec& time) {
  return is_of_run(time.tv_sec, time.tv_nsec);
}
bool is_of_run(const StatxTime& time) {
  return is_of_run(time.tv_sec, time.tv_nsec);
}

template <class Time>
void shift(Time& time) {
  if (is_of_run(time)) {
    time.tv_sec += clock_shift_s();
  }
}

// Of directories, a program compares the numbers on its way through them.
template <class Number>
void change(Number& number, unsigned mode) {
  if (S_ISREG(mode) && clock_shift_s() != 0) {
    number ^= kOtherNumber;
  }
}

}  // namespace

unsigned mask_with_times(unsigned mask) {
  constexpr unsigned kModified = 0x40;  // STATX_MTIME
  constexpr unsigned kChanged = 0x80;   // STATX_CTIME
  return unknown_since_ns() == 0 ? mask : mask | kModified | kChanged;
}

int with_times_of_run(int result, struct stat* out) {
  if (result == 0 && (is_of_run(out->st_mtim) || is_of_run(out->st_ctim))) {
    record_name('C', "stat");
    change(out->st_ino, out->st_mode);
    shift(out->st_atim);
    shift(out->st_mtim);
    shift(out->st_ctim);
  }
  return result;
}

int with_times_of_run(int result, StatxBeginning* out) {
  if (result == 0 && (is_of_run(out->modified) || is_of_run(out->changed))) {
    record_name('C', "stat");
    change(out->number, out->mode);
    shift(out->accessed);
    shift(out->born);
    shift(out->modified);
    shift(out->changed);
  }
  return result;
}

}  // namespace zc::observer
