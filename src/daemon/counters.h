// Counters: what is not in the records of commands (history/tally.h), since the daemon's start.
// Each of these happens beside the outcome of a request, or without one.
//
// Thread: any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/mutex.h"
#include "codec/json.h"

namespace zc::daemon {

// What came of a hit that was to be verified (daemon/hit_verifier.h).
enum class Verdict : std::uint8_t {
  kVerified,         // the compiler left the same
  kWrong,            // it twice left something else
  kNotReproducible,  // it twice left something else, and not the same
  kUnfinished,       // not known: the compiler could not be run, or an input changed in between
  kCount,
};
// As in `status --json`: "verified", "not_reproducible".
std::string_view text_of(Verdict verdict);

class Counters {
 public:
  // A hit that was not served, only measured. `saved_ns`: what the command took when it ran.
  void measured(std::uint64_t saved_ns);
  // A request that waited for an identical compile; it has an outcome as well.
  void coalesced() { count(&Values::coalesced); }
  // A client ended before its request did.
  void client_lost() { count(&Values::clients_lost); }
  // A hit was to be verified; it has an outcome as well.
  void verified(Verdict verdict);
  // Back to zero, as after `clear`.
  void reset();

  // Adds their fields of `status --json`: "coalesced", "clients_lost" and so on.
  void describe(codec::Json& out) const;

 private:
  struct Values {
    std::uint64_t coalesced = 0;
    std::uint64_t clients_lost = 0;
    std::uint64_t measured = 0;
    std::uint64_t measured_ns = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(Verdict::kCount)> verdicts = {};
  };

  void count(std::uint64_t Values::* what);

  mutable Mutex mutex_;
  Values values_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
