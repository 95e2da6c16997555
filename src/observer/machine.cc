// Requests to the machine: its time of day (kind C) and its name (kind K). Durations (the monotonic
// clocks) are not inputs.
#include <sys/time.h>
#include <time.h>

#include <cstdint>

#include "observer/channel.h"
#include "observer/errno_keeper.h"
#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/short_text.h"

namespace zc::observer {

ZC_INTERPOSE(int, clock_gettime, clockid_t clock, struct timespec* out) {
  // The others count from the boot, or the time that a process has used.
  const bool is_of_day =
      clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
  if (is_of_day) {
    record_name('C', "clock_gettime");
  }
  const int result = ZC_NEXT(clock_gettime)(clock, out);
  if (is_of_day && result == 0) {
    out->tv_sec += clock_shift_s();
  }
  return result;
}
ZC_INTERPOSE(int, gettimeofday, struct timeval* out, void* zone) {
  record_name('C', "gettimeofday");
  const int result = ZC_NEXT(gettimeofday)(out, zone);
  if (result == 0 && out != nullptr) {
    out->tv_sec += clock_shift_s();
  }
  return result;
}
ZC_INTERPOSE(time_t, time, time_t* out) {
  record_name('C', "time");
  const time_t now = ZC_NEXT(time)(nullptr) + clock_shift_s();
  if (out != nullptr) {
    *out = now;
  }
  return now;
}
ZC_INTERPOSE(int, timespec_get, struct timespec* out, int base) {
  record_name('C', "timespec_get");
  const int result = ZC_NEXT(timespec_get)(out, base);
  if (result == TIME_UTC) {
    out->tv_sec += clock_shift_s();
  }
  return result;
}
// These read the file of the time zone as well.
ZC_BEFORE(time_t, mktime, (void* time), (time), record_name, 'C', "mktime")
ZC_BEFORE(time_t, timelocal, (void* time), (time), record_name, 'C', "mktime")
ZC_BEFORE(void, tzset, (), (), record_name, 'C', "tzset")

namespace {

void record_local_time(time_t time);

// `call` first, since it may look at the time zone anew.
template <class Call>
auto as_local_time(const void* time, Call call) {
  const auto result = call();
  record_local_time(*static_cast<const time_t*>(time));
  return result;
}

}  // namespace

// Results are only passed through; their types do not matter here.
ZC_AROUND(void*, localtime, (const void* time), (time), as_local_time, time)
ZC_AROUND(void*, localtime_r, (const void* time, void* out), (time, out), as_local_time, time)
ZC_AROUND(char*, ctime, (const void* time), (time), as_local_time, time)
ZC_AROUND(char*, ctime_r, (const void* time, char* out), (time, out), as_local_time, time)

namespace {

// By the C library's own rules, so that it is a day of the program's time zone.
bool find_day(time_t time, time_t& begin, time_t& end) {
  tm day;
  if (ZC_NEXT(localtime_r)(&time, &day) == nullptr) {
    return false;
  }
  day.tm_hour = 0;
  day.tm_min = 0;
  day.tm_sec = 0;
  day.tm_isdst = -1;
  tm next = day;
  ++next.tm_mday;
  begin = ZC_NEXT(mktime)(&day);
  end = ZC_NEXT(mktime)(&next);
  return 0 <= begin && begin <= time && time < end;
}

// With which time was converted, and when its day begins and ends.
void record_local_time(time_t time) {
  const ErrnoKeeper errno_keeper;
  ShortText<96> text;
  text.add("localtime");
  time_t begin = 0;
  time_t end = 0;
  if (find_day(time, begin, end)) {
    text.add(' ').add_number(static_cast<std::uint64_t>(time));
    text.add(' ').add_number(static_cast<std::uint64_t>(begin));
    text.add(' ').add_number(static_cast<std::uint64_t>(end));
  }
  record_name('C', text.c_str());
}

}  // namespace

ZC_BEFORE(int, gethostname, (char* out, size_t size), (out, size), record_name, 'K', "gethostname")
ZC_BEFORE(int, getdomainname, (char* out, size_t size), (out, size), record_name, 'K',
          "getdomainname")
ZC_BEFORE(long, gethostid, (), (), record_name, 'K', "gethostid")
ZC_BEFORE(int, uname, (void* out), (out), record_name, 'K', "uname")

}  // namespace zc::observer
