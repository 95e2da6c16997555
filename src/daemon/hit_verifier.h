// HitVerifier: trust by proof. Of a share of all hits, the client runs the compiler as if there
// were no cache, and what it leaves is compared with the hit.
//
//   the same                       the user has what the compiler wrote
//   the run is no evidence         the hit is delivered: no compile fails because it was verified
//   different                      the client runs the compiler once more
//       as the first run           wrong, if the inputs still hold: the result is removed, both are
//                                  kept for a report, and the user has what the compiler wrote
//       as neither                 not reproducible: the user has what the last run wrote
//       no evidence                the client becomes the compiler
//
// So a user never gets a result of which a run said that it is another one.
//
// Thread: any; `verify` belongs to one request until it returns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/compile_cache.h"
#include "daemon/counters.h"
#include "daemon/hit_sampler.h"
#include "daemon/verification.h"
#include "daemon/waiting_client.h"
#include "lifecycle/locations.h"
#include "log/log.h"

namespace zc::daemon {

class HitVerifier {
 public:
  // Borrows all but the version.
  HitVerifier(const lifecycle::Locations& locations, const log::Log& log, std::string version,
              CompileCache& cache, Counters& counters)
      : locations_(locations),
        log_(log),
        version_(std::move(version)),
        cache_(cache),
        counters_(counters) {}

  // Whether this hit is one to verify, by the request's ZCCACHE_VERIFY. Counts the hit.
  bool wants(const wire::CompileRequest& request, const engine::CacheableCompile& compile,
             const engine::HitReply& hit);

  // Has the client compile, once or twice. True: the caller sends the hit; else the client has had
  // its last reply.
  bool verify(WaitingClient& client, const wire::CompileRequest& request,
              const engine::CacheableCompile& compile, const engine::HitReply& hit);

 private:
  struct Run;
  struct Hit;

  // Has the client run the compiler as the user called it. Nothing: the client has gone.
  std::optional<Run> run(WaitingClient& client, const Verification& verification);
  // After a first run that left something else than the hit: runs again, and replies.
  void settle(WaitingClient& client, const Hit& hit, const Effects& first);
  // Whether the command would get the same result if it began now.
  bool still_hits(const Hit& hit);
  // What the user is told.
  std::string remove_and_report(const Hit& hit, const Run& run);
  void count(Verdict verdict, std::string_view source);

  const lifecycle::Locations& locations_;
  const log::Log& log_;
  const std::string version_;
  CompileCache& cache_;
  Counters& counters_;
  HitSampler sampler_;
};

}  // namespace zc::daemon
