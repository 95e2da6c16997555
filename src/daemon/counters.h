// Counters: the outcomes of all requests. Each request has exactly one outcome (hit, miss, or not
// cached with one reason), and the daemon counts it before its client ends, so that a script may
// read the numbers right after a compile.
//
// Thread: any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "codec/json.h"
#include "compiler/reason.h"

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
  // `saved_ns`: what the compile took when it ran.
  void hit(std::uint64_t saved_ns);
  // A hit that was not served, only measured; its outcome is counted beside this.
  void measured(std::uint64_t saved_ns);
  void miss() { count(&Values::misses); }
  // `detail` names the option if the reason is an unsupported option.
  void not_cached(compiler::Reason reason, const std::string& detail);
  // A request that waited for an identical compile; it has an outcome as well.
  void coalesced() { count(&Values::coalesced); }
  // A client ended before its request did.
  void client_lost() { count(&Values::clients_lost); }
  // A hit was to be verified; it has an outcome as well.
  void verified(Verdict verdict);
  // Back to zero, as after `clear`.
  void reset();

  // Adds their fields of `status --json`: "hits", "misses" and so on.
  void describe(codec::Json& out) const;

 private:
  // The user chooses the options: a bound keeps an unusual build from filling memory.
  static constexpr std::size_t kOptionsMax = 200;

  struct Values {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t coalesced = 0;
    std::uint64_t clients_lost = 0;
    std::uint64_t saved_ns = 0;
    std::uint64_t measured = 0;
    std::uint64_t measured_ns = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(compiler::Reason::kCount)> reasons = {};
    std::map<std::string, std::uint64_t> options;
    std::array<std::uint64_t, static_cast<std::size_t>(Verdict::kCount)> verdicts = {};
  };

  void count(std::uint64_t Values::* what);

  mutable Mutex mutex_;
  Values values_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
