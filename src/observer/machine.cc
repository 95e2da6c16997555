// Requests to the machine: its time of day (kind C) and its name (kind K). Durations (the monotonic
// clocks) are not inputs.
#include <time.h>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

ZC_INTERPOSE(int, clock_gettime, clockid_t clock, struct timespec* out) {
  // The others count from the boot, or the time that a process has used.
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI) {
    record_name('C', "clock_gettime");
  }
  return ZC_NEXT(clock_gettime)(clock, out);
}
// Results are only passed through; their types do not matter here.
ZC_BEFORE(int, gettimeofday, (void* out, void* zone), (out, zone), record_name, 'C', "gettimeofday")
ZC_BEFORE(time_t, time, (time_t* out), (out), record_name, 'C', "time")
ZC_BEFORE(int, timespec_get, (void* out, int base), (out, base), record_name, 'C', "timespec_get")
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
