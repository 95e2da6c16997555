// HitSampler: which hits are verified, by the ZCCACHE_VERIFY of their requests: "1/N" is each N-th
// hit that this daemon has for such requests.
//
// The daemon counts, since a client lives for one request. A share so means the same whichever
// clients a build starts, and one build repeated gets the same hits verified.
//
// A value that makes no sense is none (daemon/settings.h says so).
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/mutex.h"

namespace zc::daemon {

class HitSampler {
 public:
  // Whether a hit with this value of the variable is one to verify. Counts the hit.
  bool takes(std::string_view value);

 private:
  Mutex mutex_;
  std::uint64_t passed_ ZC_GUARDED_BY(mutex_) = 0;  // hits since the last one that was taken
};

}  // namespace zc::daemon
