#include "os/resource_limit.h"

#include <sys/resource.h>

namespace zc::os {

namespace {

static_assert(kUnlimited == RLIM_INFINITY);

// The C libraries disagree about the type of a resource.
using Number = decltype(RLIMIT_CORE);

Number number_of(Resource resource) {
  switch (resource) {
    case Resource::kFileSize:
      return RLIMIT_FSIZE;
    case Resource::kAddressSpace:
      return RLIMIT_AS;
    case Resource::kData:
      return RLIMIT_DATA;
    case Resource::kProcessorSecs:
      return RLIMIT_CPU;
    case Resource::kStack:
      return RLIMIT_STACK;
    case Resource::kProcesses:
      return RLIMIT_NPROC;
    case Resource::kOpenFiles:
      break;
  }
  return RLIMIT_NOFILE;
}

}  // namespace

std::optional<ResourceLimit> limit_on(Resource resource) {
  rlimit limit = {};
  if (::getrlimit(number_of(resource), &limit) != 0) {
    return std::nullopt;
  }
  return ResourceLimit{.soft = limit.rlim_cur, .hard = limit.rlim_max};
}

}  // namespace zc::os
