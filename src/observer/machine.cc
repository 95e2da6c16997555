// Requests to the machine: its time of day (kind C) and its name (kind K). Durations (the monotonic
// clocks) are not inputs.
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

void record_question(char kind, const char* question) {
  Event record;
  record.name(question);
  record.write(kind, 0);
}

}  // namespace

ZC_INTERPOSE(int, clock_gettime, clockid_t clock, struct timespec* out) {
  // The others count from the boot, or the time that a process has used.
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI) {
    record_question('C', "clock_gettime");
  }
  return ZC_NEXT(clock_gettime)(clock, out);
}
ZC_INTERPOSE(int, gettimeofday, struct timeval* out, void* zone) {
  record_question('C', "gettimeofday");
  return ZC_NEXT(gettimeofday)(out, zone);
}
ZC_INTERPOSE(time_t, time, time_t* out) {
  record_question('C', "time");
  return ZC_NEXT(time)(out);
}
ZC_INTERPOSE(int, timespec_get, struct timespec* out, int base) {
  record_question('C', "timespec_get");
  return ZC_NEXT(timespec_get)(out, base);
}

ZC_INTERPOSE(int, gethostname, char* out, size_t size) {
  record_question('K', "gethostname");
  return ZC_NEXT(gethostname)(out, size);
}
ZC_INTERPOSE(int, uname, struct utsname* out) {
  record_question('K', "uname");
  return ZC_NEXT(uname)(out);
}

}  // namespace zc::observer
