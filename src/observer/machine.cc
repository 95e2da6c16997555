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
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI) {
    record_question('C', "clock_gettime");
  }
  return ZC_NEXT(clock_gettime)(clock, out);
}
ZC_BEFORE(int, gettimeofday, (struct timeval * out, void* zone), (out, zone), record_question, 'C',
          "gettimeofday")
ZC_BEFORE(time_t, time, (time_t* out), (out), record_question, 'C', "time")
ZC_BEFORE(int, timespec_get, (struct timespec * out, int base), (out, base), record_question, 'C',
          "timespec_get")
ZC_BEFORE(int, gethostname, (char* out, size_t size), (out, size), record_question, 'K',
          "gethostname")
ZC_BEFORE(int, uname, (struct utsname * out), (out), record_question, 'K', "uname")

}  // namespace zc::observer
