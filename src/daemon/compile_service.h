// CompileService: one compile from request to last reply.
//
//   request -> bypass                     reply, done
//           -> hit                        reply, done
//           -> somebody compiles the same: signs of life until they are done, then once more
//           -> run                        reply, wait for the client's report, record, reply
//
// Thread: any; the thread that calls `compile` belongs to that request until it returns.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/config.h"
#include "daemon/counters.h"
#include "daemon/service.h"
#include "engine/engine.h"
#include "engine/in_flight.h"
#include "files/file_cache.h"
#include "log/log.h"
#include "os/command.h"
#include "os/file_system.h"
#include "store/store.h"
#include "wire/locations.h"

namespace zc::daemon {

class CompileService final : public Service {
 public:
  // Borrows all references. A store that cannot be opened makes every compile a bypass, and is told
  // in the log and by `status`; it never keeps the daemon from starting.
  CompileService(const wire::Locations& locations, const Config& config, const log::Log& log,
                 std::string version);
  ~CompileService() override;

  void compile(wire::Channel& channel, wire::Frame request) override;
  std::string status_json() override;
  Result<std::string> clear() override;
  void drain() override;

 private:
  class StoredDigests;
  class Pending;

  void serve(wire::Channel& channel, const wire::CompileRequest& request);
  void reply_bypass(wire::Channel& channel, const compiler::Bypass& bypass);
  bool send_sign_of_life(wire::Channel& channel);
  bool reply_hit(wire::Channel& channel, const engine::Prepared& prepared);
  void run(wire::Channel& channel, engine::Prepared& prepared);
  // So that who asks for the status hears of all commands that have ended.
  void wait_for_pending();

  const wire::Locations& locations_;
  const Config& config_;
  const log::Log& log_;
  const std::string version_;
  const std::int64_t start_ms_;
  Counters counters_;
  os::PosixFileSystem fs_;
  os::PosixCommandRunner runner_;
  std::string store_problem_;  // empty: the store is open
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<files::DigestMemory> digests_;
  std::unique_ptr<files::FileCache> files_;
  std::unique_ptr<engine::Engine> engine_;
  engine::InFlight in_flight_;

  std::mutex pending_mutex_;
  std::condition_variable pending_ended_;
  int pending_ = 0;  // results that are being stored
};

}  // namespace zc::daemon
