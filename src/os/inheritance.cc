#include "os/inheritance.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "base/str.h"

namespace zc::os {

namespace {

// 8 MiB, as Linux systems give at login.
constexpr rlim_t kStackBytes = 8U << 20;

rlim_t wanted_limit(int resource, rlim_t hard) {
  switch (resource) {
    case RLIMIT_CORE:
      return 0;
    case RLIMIT_STACK:
      return std::min(hard, kStackBytes);
    default:
      return hard;
  }
}

void run_on_all_processors() {
  // The kernel leaves out those that there are not, or that our cpuset does not have.
  cpu_set_t all = {};
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    CPU_SET(cpu, &all);
  }
  ::sched_setaffinity(0, sizeof all, &all);
}

void take_customary_priorities() {
  constexpr int kOwnProcess = 1;  // IOPRIO_WHO_PROCESS
  ::setpriority(PRIO_PROCESS, 0, 0);
  const sched_param none = {};
  ::syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
  ::syscall(SYS_ioprio_set, kOwnProcess, 0, 0);
  const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    [[maybe_unused]] const ssize_t written = ::write(fd, "0", 1);
    ::close(fd);
  }
}

}  // namespace

void raise_limits() {
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    // The C libraries disagree about the type of a resource.
    const auto which = static_cast<decltype(RLIMIT_CORE)>(resource);
    rlimit limit = {};
    if (::getrlimit(which, &limit) == 0) {
      limit.rlim_cur = wanted_limit(resource, limit.rlim_max);
      ::setrlimit(which, &limit);
    }
  }
}

void shed_inheritance() {
  raise_limits();
  ::umask(S_IRWXG | S_IRWXO);
  take_customary_priorities();
  run_on_all_processors();
  ::syscall(SYS_set_mempolicy, 0, nullptr, 0);
  ::personality(PER_LINUX);
  ::prctl(PR_SET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
}

std::string hard_limits() {
  std::string out;
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    rlimit limit = {};
    ::getrlimit(static_cast<decltype(RLIMIT_CORE)>(resource), &limit);
    str_append(out, limit.rlim_max == RLIM_INFINITY ? "-" : str_cat(std::uint64_t{limit.rlim_max}),
               ' ');
  }
  return out;
}

}  // namespace zc::os
