// HitSampler: which hits are verified, by the ZCCACHE_VERIFY of their requests: "1/N" is each N-th
// hit that this daemon has for such requests.
//
// The daemon counts, since a client lives for one request. A share so means the same whichever
// clients a build starts, and one build repeated gets the same hits verified.
//
// A value that makes no sense is none. The daemon says so once, in the log and in `zccache status`:
// a client that did would add to the messages of each compile.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "log/log.h"

namespace zc::daemon {

class HitSampler {
 public:
  // Borrows `log`.
  explicit HitSampler(const log::Log& log) : log_(log) {}

  // Whether a hit with this value of the variable is one to verify. Counts the hit.
  bool takes(std::string_view value);

  // About the first value that made no sense; empty: there was none.
  std::string warning() const;

  // The N of "1/N"; 0 for "0" and for no text, which mean none; nothing for any other text.
  static std::optional<std::uint64_t> parse(std::string_view value);

 private:
  const log::Log& log_;
  mutable Mutex mutex_;
  std::uint64_t passed_ ZC_GUARDED_BY(mutex_) = 0;  // hits since the last one that was taken
  std::string warning_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
