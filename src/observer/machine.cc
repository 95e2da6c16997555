// Requests to the machine: its time of day (kind C) and its name (kind K). Durations (the monotonic
// clocks) are not inputs.
#include <sys/time.h>
#include <time.h>

#include "observer/channel.h"
#include "observer/event.h"
#include "observer/interpose.h"

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
// Results are only passed through; their types do not matter here.
ZC_BEFORE(void*, localtime, (const void* time), (time), record_name, 'C', "localtime")
ZC_BEFORE(void*, localtime_r, (const void* time, void* out), (time, out), record_name, 'C',
          "localtime")
ZC_BEFORE(char*, ctime, (const void* time), (time), record_name, 'C', "localtime")
ZC_BEFORE(char*, ctime_r, (const void* time, char* out), (time, out), record_name, 'C', "localtime")
// These read the file of the time zone as well.
ZC_BEFORE(time_t, mktime, (void* time), (time), record_name, 'C', "mktime")
ZC_BEFORE(time_t, timelocal, (void* time), (time), record_name, 'C', "mktime")
ZC_BEFORE(void, tzset, (), (), record_name, 'C', "tzset")
ZC_BEFORE(int, gethostname, (char* out, size_t size), (out, size), record_name, 'K', "gethostname")
ZC_BEFORE(int, getdomainname, (char* out, size_t size), (out, size), record_name, 'K',
          "getdomainname")
ZC_BEFORE(long, gethostid, (), (), record_name, 'K', "gethostid")
ZC_BEFORE(int, uname, (void* out), (out), record_name, 'K', "uname")

}  // namespace zc::observer
