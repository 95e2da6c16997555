#include "daemon/hit_sampler.h"

#include "base/result.h"
#include "base/str.h"

namespace zc::daemon {

std::optional<std::uint64_t> HitSampler::parse(std::string_view value) {
  constexpr std::string_view kShare = "1/";
  value = trim(value);
  if (value.empty() || value == "0") {
    return 0;
  }
  if (!value.starts_with(kShare)) {
    return std::nullopt;
  }
  TRY_ASSIGN(const std::uint64_t hits, parse_u64(value.substr(kShare.size())));
  return hits == 0 ? std::nullopt : std::optional(hits);
}

bool HitSampler::takes(std::string_view value) {
  const std::optional<std::uint64_t> hits = parse(value);
  if (hits == 0U) {
    return false;
  }
  const MutexLock lock(mutex_);
  if (!hits) {
    if (warning_.empty()) {
      warning_ = str_cat("ZCCACHE_VERIFY=", value,
                         " is not usable; expected 1/N, as 1/100, or 0; no hit is verified");
      log_.warn(warning_);
    }
    return false;
  }
  if (++passed_ < *hits) {
    return false;
  }
  passed_ = 0;
  return true;
}

std::string HitSampler::warning() const {
  const MutexLock lock(mutex_);
  return warning_;
}

}  // namespace zc::daemon
