#include "os/inherited.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace zc::os {

namespace {

template <class Value>
void append(std::string& out, const Value& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

std::string inherited_state() {
  std::string out;
  for (int resource = 0; resource < static_cast<int>(RLIMIT_NLIMITS); ++resource) {
    rlimit limit = {};
    (void)::getrlimit(static_cast<decltype(RLIMIT_CPU)>(resource), &limit);
    append(out, limit.rlim_cur);
    append(out, limit.rlim_max);
  }
  cpu_set_t processors = {};
  (void)::sched_getaffinity(0, sizeof processors, &processors);
  append(out, processors);
  append(out, ::getpriority(PRIO_PROCESS, 0));
  append(out, ::getgid());
  append(out, ::getegid());
  constexpr int kGroupsMax = 256;
  std::array<gid_t, kGroupsMax> groups = {};
  append(out, ::getgroups(kGroupsMax, groups.data()));
  append(out, groups);
  return out;
}

}  // namespace zc::os
