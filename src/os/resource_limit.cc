#include "os/resource_limit.h"

#include <sys/resource.h>

#include <array>
#include <cstddef>

namespace zc::os {

namespace {

static_assert(kUnlimited == RLIM_INFINITY);

// The C libraries disagree about the type of a resource.
using Number = decltype(RLIMIT_CORE);

// By the number of a Resource.
constexpr std::array<Number, 7> kNumbers = {RLIMIT_FSIZE, RLIMIT_AS,    RLIMIT_DATA,  RLIMIT_CPU,
                                            RLIMIT_STACK, RLIMIT_NPROC, RLIMIT_NOFILE};
static_assert(kNumbers.size() == static_cast<std::size_t>(Resource::kOpenFiles) + 1);

}  // namespace

std::optional<ResourceLimit> limit_on(Resource resource) {
  rlimit limit = {};
  if (::getrlimit(kNumbers[static_cast<std::size_t>(resource)], &limit) != 0) {
    return std::nullopt;
  }
  return ResourceLimit{.soft = limit.rlim_cur, .hard = limit.rlim_max};
}

}  // namespace zc::os
