// How many processors and how much memory there are, and what a process may have of them: kind J.
// Programs ask for these to divide their own work.
#include <sched.h>
#include <unistd.h>

#include <cstddef>

#include "observer/answer.h"
#include "observer/interpose.h"

namespace zc::observer {

#define ZC_COUNT(Result, symbol, parameters, arguments) \
  ZC_BEFORE(Result, symbol, parameters, arguments, record_late_answer, ZC_CALLER, #symbol)
// These may change at any time.
#define ZC_USE(Result, symbol, parameters, arguments) \
  ZC_BEFORE(Result, symbol, parameters, arguments, record_process_answer, ZC_CALLER, #symbol)
ZC_USE(long, get_avphys_pages, (), ())
ZC_USE(int, sched_getcpu, (), ())
ZC_USE(int, sysinfo, (void* out), (out))
ZC_USE(int, getloadavg, (double* out, int count), (out, count))
ZC_COUNT(int, get_nprocs, (), ())
ZC_COUNT(int, get_nprocs_conf, (), ())
ZC_COUNT(long, get_phys_pages, (), ())
ZC_COUNT(int, sched_getaffinity, (pid_t process, std::size_t size, void* out), (process, size, out))
ZC_COUNT(int, getrlimit, (int what, void* out), (what, out))
ZC_COUNT(int, getrlimit64, (int what, void* out), (what, out))
ZC_COUNT(int, prlimit, (pid_t process, int what, const void* limit, void* old),
         (process, what, limit, old))
ZC_COUNT(int, prlimit64, (pid_t process, int what, const void* limit, void* old),
         (process, what, limit, old))
ZC_INTERPOSE(long, sysconf, int name) {
  if (name == _SC_AVPHYS_PAGES) {
    record_process_answer(ZC_CALLER, "sysconf");
  } else if (name == _SC_NPROCESSORS_CONF || name == _SC_NPROCESSORS_ONLN ||
             name == _SC_PHYS_PAGES || name == _SC_OPEN_MAX || name == _SC_CHILD_MAX) {
    record_late_answer(ZC_CALLER, "sysconf");
  }
  return ZC_NEXT(sysconf)(name);
}

}  // namespace zc::observer
