// CompileService: one compile from request to last reply.
//
//   request -> bypass                     reply, done
//           -> hit                        reply, done; or verify it first (daemon/hit_verifier.h)
//           -> another client compiles it: wait until that has ended, then look up again
//           -> run                        reply, wait for the client's report, store, reply
//
// Between request and reply, and between report and reply, the client gets signs of life.
//
// Thread: any; the thread that calls `compile` belongs to that request until it returns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "codec/json.h"
#include "daemon/bypassed_commands.h"
#include "daemon/compile_cache.h"
#include "daemon/counters.h"
#include "daemon/ending_requests.h"
#include "daemon/heart.h"
#include "daemon/hit_verifier.h"
#include "daemon/running_commands.h"
#include "daemon/service.h"
#include "daemon/session_service.h"
#include "daemon/settings.h"
#include "daemon/single_flight.h"
#include "daemon/waiting_client.h"
#include "engine/compile.h"
#include "history/command_log.h"
#include "history/statistics.h"
#include "lifecycle/locations.h"
#include "log/log.h"
#include "os/clock.h"

namespace zc::daemon {

// The time that passes while clients wait.
struct Pace {
  std::function<std::int64_t()> now_ms = os::monotonic_ms;
  int heartbeat_ms = limits::kHeartbeatMs;  // between signs of life, and looks at another's run
};

// Where commands are that run, and where they go once they have had their last reply. Borrows all.
struct History {
  RunningCommands& running;
  BypassedCommands& bypassed;
  history::CommandLog& commands;
  history::Statistics& statistics;  // of what that log has got
  SessionService& sessions;
};

class CompileService final : public Service {
 public:
  // Borrows all references. A cache that cannot be opened makes every compile a bypass, and is
  // reported in the log and by `status`; it never keeps the daemon from starting.
  CompileService(const lifecycle::Locations& locations, Settings& settings, const log::Log& log,
                 History history, std::string version, Result<std::unique_ptr<CompileCache>> cache,
                 Pace pace = {});
  ~CompileService() override;

  void compile(wire::Connection& connection, wire::Frame request) override;
  void turn_away(wire::Connection& connection) override;
  const std::string& standing_json() const override { return standing_json_; }
  std::string statistics_json() override;
  void zero(bool days_too) override;
  Result<std::string> clear() override;
  void drain() override;

  // The settings have changed since the start, or the last call.
  void apply_settings();

  // Whether the cache knows commands.
  bool is_warm() const { return cache_ != nullptr && cache_->usage().results > 0; }

 private:
  codec::Json warnings(const std::vector<std::string>& of_settings) const;

  // What is known of a request while it is served, for the history; `is_cancelled` if the client
  // has gone.
  struct Served;

  void serve(WaitingClient& client, wire::CompileRequest& request, Served& served);
  // The same of a command that can be cached.
  void serve_claimed(WaitingClient& client, const wire::CompileRequest& request,
                     engine::CacheableCompile& compile, Served& served);
  void reply_bypass(WaitingClient& client, const compiler::Bypass& bypass, Served& served);
  // Replies if there is a hit; false if there is none. `waited`: for another client's run.
  bool reply_hit(WaitingClient& client, const wire::CompileRequest& request,
                 const engine::CacheableCompile& compile, bool waited, Served& served);
  // Has the client fail, without a run.
  void reply_missing(WaitingClient& client, const engine::CacheableCompile& compile,
                     Served& served);
  // Has the client compile, and waits for its report without a limit: how long a compile takes is
  // not known. A client that ends closes its connection, which ends the wait.
  void run(WaitingClient& client, engine::CacheableCompile& compile, Served& served);
  // Sends the order, with a channel for the observation if it wants one, whose clock is ahead by
  // `clock_shift_s`; the compile gets the observation. Nothing: the client has had its last reply,
  // or is gone.
  std::optional<wire::Frame> order_run(WaitingClient& client, engine::CacheableCompile& compile,
                                       const wire::RunOrder& order, std::int64_t clock_shift_s,
                                       Served& served);
  void store_result(WaitingClient& client, engine::CacheableCompile& compile,
                    const wire::Frame& report, Served& served);
  // Has the client run the command again, and keeps the result if that leaves the same.
  void run_again(WaitingClient& client, engine::CacheableCompile& compile,
                 const engine::FirstRun& first, Served& served);
  void count_stored(const engine::CacheableCompile& compile, const engine::StoredOrFirst& stored,
                    Served& served);
  // The client may go on after the next reply.
  void begin_end(Served& served);
  void add_to_history(std::string request, Served& served);
  // A request that was not decoded.
  void add_unread(compiler::Reason reason);
  // All that has ended by now is in the figures, and on disk.
  void settle_figures();

  const lifecycle::Locations& locations_;
  Settings& settings_;
  const log::Log& log_;
  const History history_;
  const std::string version_;
  const Pace pace_;
  const std::int64_t start_ms_;
  std::string standing_json_;
  Counters counters_;
  std::string store_problem_;  // empty: there is a cache
  std::unique_ptr<CompileCache> cache_;
  std::optional<HitVerifier> verifier_;  // if there is a cache
  SingleFlight single_flight_;

  EndingRequests ending_;

  Heart heart_;
};

}  // namespace zc::daemon
