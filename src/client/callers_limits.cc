#include "client/callers_limits.h"

#include <signal.h>
#include <sys/resource.h>

#include <array>

namespace zc::client {

namespace {

constexpr rlim_t kKiB = 1024;
constexpr rlim_t kMiB = 1024 * kKiB;
constexpr rlim_t kGiB = 1024 * kMiB;

// The arguments and the environment are in it, too; the client overflows one of 16 KiB.
constexpr rlim_t kEnoughStack = 256 * kKiB;

struct Roomy {
  int limit;
  std::string_view name;
  rlim_t from;  // at so much it has room for what we add
};

// In this order: a limit of files rules out more than the others. Those that nothing of ours uses
// are not here: locked memory, pending signals, message queues, priorities.
constexpr std::array kRoomy = {
    Roomy{RLIMIT_FSIZE, "RLIMIT_FSIZE", 4 * kGiB},     // more than the store keeps of one output
    Roomy{RLIMIT_AS, "RLIMIT_AS", RLIM_INFINITY},      // the observer's mapping and library
    Roomy{RLIMIT_DATA, "RLIMIT_DATA", RLIM_INFINITY},  // its tables
    Roomy{RLIMIT_CPU, "RLIMIT_CPU", RLIM_INFINITY},    // its time
    Roomy{RLIMIT_STACK, "RLIMIT_STACK", 8 * kMiB},  // its records, longer arguments and environment
    Roomy{RLIMIT_NPROC, "RLIMIT_NPROC", 1024},      // we are one more process
    Roomy{RLIMIT_NOFILE, "RLIMIT_NOFILE", 64},      // the compiler opens one more depfile
};

}  // namespace

TightLimit find_tight_limit() {
  for (const Roomy& roomy : kRoomy) {
    rlimit limit = {};
    if (::getrlimit(roomy.limit, &limit) != 0 || limit.rlim_cur < roomy.from) {
      return {.name = roomy.name, .is_about_files = roomy.limit == RLIMIT_FSIZE};
    }
  }
  return {};
}

bool lacks_stack() {
  rlimit limit = {};
  return ::getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < kEnoughStack;
}

void survive_file_size_limit() {
  rlimit limit = {};
  struct sigaction action = {};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
      ::sigaction(SIGXFSZ, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) {
    return;
  }
  // Not SIG_IGN, which would stay with what we execute.
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGXFSZ, &action, nullptr);
}

}  // namespace zc::client
