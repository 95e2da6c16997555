#include "daemon/hit_sampler.h"

#include "config/keys.h"

namespace zc::daemon {

bool HitSampler::takes(std::string_view value) {
  const std::uint64_t hits = config::parse_share(value).value_or(0);
  if (hits == 0) {
    return false;
  }
  const MutexLock lock(mutex_);
  if (++passed_ < hits) {
    return false;
  }
  passed_ = 0;
  return true;
}

}  // namespace zc::daemon
