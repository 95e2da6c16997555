// Sessions: builds that the user has named by `zccache session-start`. A command belongs to one by
// ZCCACHE_SESSION_ID in its environment.
//
//   active --kSessionEnd--> ended
//          --no command for Limits::idle_ms--> idle: its files are closed, its figures stay; the
//                                              next command makes it active again
//
// A command is served whatever its id is: of a session that has ended, or that this daemon has
// never seen because it is a new one. Figures, log and journal are filled in the journal's thread,
// so no request waits for them. Without sessions, a request looks at one atomic.
//
// Thread: any. Owns: the descriptors of logs and journals.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "codec/json.h"
#include "history/record_observer.h"
#include "history/session_figures.h"
#include "os/clock.h"
#include "os/fd.h"

namespace zc::history {

struct SessionOptions {
  std::string cwd;
  bool has_stats = false;
  bool is_profiled = false;
  bool was_warm = false;              // the cache knew commands when the session began
  std::shared_ptr<const os::Fd> log;  // plain files, open for appending; or none
  std::shared_ptr<const os::Fd> journal;
};

class Sessions final : public RecordObserver {
 public:
  struct Limits {
    std::int64_t idle_ms = 300'000;
    // One more makes the one that is idle for longest idle at once.
    std::size_t active_max = 128;
    // One more, and the one that has been of no use for longest is forgotten.
    std::size_t known_max = 256;
  };
  explicit Sessions(std::function<std::int64_t()> now_ms = os::monotonic_ms);
  Sessions(std::function<std::int64_t()> now_ms, Limits limits);

  // A new session; returns its id, a random UUID.
  std::string start(SessionOptions options);

  // What `session-stats --json` shows. Nothing: the id is not known.
  std::optional<codec::Json> stats(const std::string& id);
  // The same of a session that ends with it, or has ended before.
  std::optional<codec::Json> end(const std::string& id);

  // Waits until no command of the session runs that is awaited, at most so long.
  void await_commands(const std::string& id, int timeout_ms);

  // For a timer: sessions without a command for so long become idle.
  void expire();

  struct Released {
    std::size_t inspected = 0;
    std::size_t files = 0;         // that have been closed
    std::vector<std::string> ids;  // of sessions that have ended by it
  };
  // Ends the sessions that were started at `path` or below it.
  Released release(std::string_view path);

  struct Counts {
    std::size_t active = 0;
    std::uint64_t total = 0;  // started since the daemon began
  };
  Counts counts() const;

  // Whether any session is active; whether one of these wants the phases of commands.
  bool any() const { return active_.load(std::memory_order_relaxed) > 0; }
  bool is_profiling() const { return profiling_.load(std::memory_order_relaxed) > 0; }

  // Whether the end of the session waits for a command.
  enum class Awaited : std::uint8_t { kNo, kYes };

  // A command of a session, from its request to its last reply, or to its own end, which a session
  // does not await: so long it is not idle.
  class Running {
   public:
    Running(Sessions& sessions, std::string id, Awaited awaited = Awaited::kYes);
    ~Running();
    Running(const Running&) = delete;

   private:
    Sessions& sessions_;
    std::string id_;  // empty: of no session that is known
    const std::size_t awaited_;
  };

  // As RecordObserver.
  void complete(CommandRecord& record) override;
  bool wants(const CommandRecord& record) const override {
    return record.log != nullptr || !record.session_id.empty();
  }
  void take(const CommandRecord& record, std::string_view line) override;

 private:
  enum class State : std::uint8_t { kActive, kIdle, kEnded };
  struct Session {
    SessionOptions options;
    State state = State::kActive;
    std::int64_t start_ms = 0;
    std::int64_t last_ms = 0;  // the last sign of life; of one that has ended, its end
    std::size_t running = 0;
    std::size_t awaited = 0;  // of those
    std::uint64_t late = 0;   // commands after its end
    SessionFigures figures;
  };
  using Map = std::map<std::string, Session, std::less<>>;

  void change(Session& session, State state) ZC_REQUIRES(mutex_);
  Map::iterator oldest(bool is_active) ZC_REQUIRES(mutex_);
  void make_room() ZC_REQUIRES(mutex_);
  void touch(Session& session) ZC_REQUIRES(mutex_);
  codec::Json describe(const std::string& id, const Session& session) const ZC_REQUIRES(mutex_);

  const std::function<std::int64_t()> now_ms_;
  const Limits limits_;
  std::atomic<std::size_t> active_ = 0;
  std::atomic<std::size_t> profiling_ = 0;

  mutable Mutex mutex_;
  CondVar command_ended_;
  Map sessions_ ZC_GUARDED_BY(mutex_);
  std::uint64_t total_ ZC_GUARDED_BY(mutex_) = 0;
};

// A random UUID, version 4 (RFC 9562).
std::string random_uuid();

}  // namespace zc::history
