#include "lifecycle/ensure.h"

#include <algorithm>
#include <optional>

#include "base/str.h"
#include "lifecycle/connect.h"
#include "lifecycle/events.h"
#include "lifecycle/start_mark.h"
#include "os/lock.h"
#include "os/name.h"
#include "os/process.h"
#include "os/self.h"
#include "wire/message.h"

namespace zc::lifecycle {

namespace {

// A live daemon that does not answer connections: so many looks, with pauses that double.
constexpr int kRounds = 20;
constexpr int kFirstPauseMs = 100;
constexpr int kLongestPauseMs = 500;

// Pause between two looks at something that no event announces.
constexpr int kLookMs = 2;

// How long a client waits for another one that is starting the daemon: longer than that one may
// take to hear that the old daemon is silent, to stop it and to wait for the new one.
constexpr int kParkedMs = 60'000;
static_assert(kParkedMs > kStatusReplyMs + kSpawnWaitMs);

// How long a daemon may take to obey (as given, ADR 15), and a killed process to disappear.
constexpr int kShutdownGraceMs = 200;
constexpr int kKillWaitMs = 5'000;

// Each step of a replacement takes its longest time.
constexpr int kReplaceMs = kShutdownGraceMs + kKillWaitMs + kSpawnWaitMs;

bool connects(const std::string& endpoint) {
  return connect_daemon(endpoint).has_value();
}

Result<> refuse_when_spawning_is_forbidden(const Caller& caller) {
  const std::string_view text = view_or_empty(variable(caller.environment, "ZCCACHE_NO_SPAWN"));
  if (is_truthy(text)) {
    return fail(Code::kInvalid, str_cat("no usable daemon at ", caller.locations.endpoint,
                                        ", and ZCCACHE_NO_SPAWN=", text, " forbids starting one"));
  }
  return {};
}

// Until the daemon accepts connections, or has let go of its lock, or `pause_ms` have passed.
void wait_for_change(const Locations& locations, int pause_ms) {
  const auto has_changed = [&] {
    return !os::is_lock_held(locations.lock) || connects(locations.endpoint);
  };
  os::wait_until(has_changed, os::Deadline(pause_ms), kLookMs);
}

Readiness wait_for_connection(const std::string& endpoint, const os::Deadline& deadline) {
  const bool is_ready = os::wait_until([&] { return connects(endpoint); }, deadline, kLookMs);
  return is_ready ? Readiness::kReady : Readiness::kNotYet;
}

Result<std::optional<os::FileLock>> try_slot(const Locations& locations) {
  return os::FileLock::try_take(locations.lock + ".spawn");
}

// The right to start a daemon; nothing when another client has made one usable meanwhile.
Result<std::optional<os::FileLock>> wait_for_slot(const Caller& caller, DaemonState seen) {
  const Locations& locations = caller.locations;
  const os::Deadline deadline(kParkedMs);
  bool parked = false;
  while (true) {
    TRY_ASSIGN(std::optional<os::FileLock> slot, try_slot(locations));
    if (slot) {
      return slot;
    }
    if (!parked) {
      parked = true;
      log_parked(caller, seen);
    }
    // A daemon that is about to be replaced still accepts connections.
    if (seen == DaemonState::kUnreachable && connects(locations.endpoint)) {
      return std::nullopt;
    }
    if (deadline.passed()) {
      return fail(Code::kTimeout, "another client has been starting the daemon for a minute");
    }
    os::sleep_ms(kLookMs);
  }
}

// Only while no process holds it: a lock file that is held has a living owner.
void remove_free_lock(const std::string& lock) {
  const Result<std::optional<os::FileLock>> taken = os::FileLock::try_take(lock);
  if (taken && taken->has_value()) {
    os::remove_name(lock);
  }
}

// Sends a request to shut down, then kills, but only a process that is certainly our daemon.
// Returns the pid of the one that was killed. Waits no longer than until `patience` ends.
std::optional<std::int32_t> stop_stale_daemon(const Locations& locations, std::string_view version,
                                              const os::Deadline& patience) {
  if (Result<wire::Connection> connection = connect_daemon(locations.endpoint)) {
    if (const Result<std::string> frame = wire::encode_plain(wire::Type::kShutdown, version)) {
      // Whether it arrived shows in the lock.
      (void)connection->send(*frame, {}, kShutdownGraceMs);
    }
    os::wait_until([&] { return !os::is_lock_held(locations.lock); },
                   os::Deadline(std::min(kShutdownGraceMs, patience.left_ms())), kLookMs);
  }
  std::optional<std::int32_t> killed;
  if (const std::optional<os::ProcessHandle> daemon = live_daemon(locations.lock)) {
    if (daemon->kill()) {
      killed = daemon->pid();
      daemon->wait_gone(std::min(kKillWaitMs, patience.left_ms()));
    }
  }
  remove_free_lock(locations.lock);
  return killed;
}

// With the slot taken and `check` made under it.
Result<Readiness> start_or_replace(const Caller& caller, const VersionCheck& check,
                                   const os::FileLock& slot, int wait_ms,
                                   const os::Deadline& patience) {
  const std::string_view reason = reason_of_start(check.state);
  if (check.state == DaemonState::kUnreachable) {
    return spawn_and_wait(caller, reason, slot, wait_ms);
  }
  // No daemon is stopped if there is no program to replace it with: its own clients would start it
  // again, and we would stop it again.
  TRY(find_daemon_binary(caller.environment));
  log_recovery(caller, check);
  const std::optional<std::int32_t> killed =
      stop_stale_daemon(caller.locations, caller.version, patience);
  Result<Readiness> started =
      spawn_and_wait(caller, reason, slot, std::min(wait_ms, patience.left_ms()));
  if (killed) {
    log_takeover(caller, *killed);
  }
  return started;
}

VersionCheck check(const Caller& caller) {
  return check_daemon_version(caller.locations.endpoint, caller.version, caller.reply_ms);
}

// A daemon that exits before it is ready may have found another one in its place.
Result<> require_ready(const Caller& caller, const Result<Readiness>& started) {
  if (started && *started == Readiness::kReady) {
    return {};
  }
  if (check(caller).usable()) {
    return {};
  }
  if (!started) {
    return std::unexpected(started.error());
  }
  return fail(Code::kTimeout, str_cat("the daemon was started but is not accepting connections at ",
                                      caller.locations.endpoint, " after 10 s"));
}

}  // namespace

Result<> ensure_daemon(const Caller& caller) {
  const Locations& locations = caller.locations;
  TRY(make_directories(caller.locations, os::user_id()));
  long pid = 0;
  int pause_ms = kFirstPauseMs;
  for (int round = 0; round <= kRounds; ++round) {
    const std::optional<os::ProcessHandle> before = live_daemon(locations.lock);
    VersionCheck seen = check(caller);
    if (seen.usable()) {
      return {};
    }
    TRY(refuse_when_spawning_is_forbidden(caller));
    std::optional<os::ProcessHandle> live = live_daemon(locations.lock);
    if (seen.state != DaemonState::kUnreachable || !live) {
      TRY_ASSIGN(const std::optional<os::FileLock> slot, wait_for_slot(caller, seen.state));
      if (!slot) {
        return {};
      }
      // The client that had the slot before us may have put right what we saw. But a process that
      // was silent does not get the same time twice.
      live = live_daemon(locations.lock);
      const bool same_silence = seen.timed_out && before && live && live->is_same_as(*before);
      if (!same_silence) {
        seen = check(caller);
      }
      if (seen.usable()) {
        return {};
      }
      if (seen.state != DaemonState::kUnreachable || !live) {
        return require_ready(
            caller, start_or_replace(caller, seen, *slot, kSpawnWaitMs, os::Deadline(kReplaceMs)));
      }
    }
    pid = live->pid();
    wait_for_change(locations, pause_ms);
    pause_ms = std::min(2 * pause_ms, kLongestPauseMs);
  }
  return fail(Code::kUnavailable,
              str_cat("daemon process ", pid, " exists but does not accept connections at ",
                      locations.endpoint, " after retrying"));
}

Result<Readiness> ensure_daemon_for_wrapper(const Caller& caller, const VersionCheck& seen,
                                            int ready_ms, const os::Deadline& patience) {
  const Locations& locations = caller.locations;
  const int wait_ms = std::min(ready_ms, patience.left_ms());
  TRY(make_directories(locations, os::user_id()));
  TRY(refuse_when_spawning_is_forbidden(caller));
  TRY_ASSIGN(const std::optional<os::FileLock> slot, try_slot(locations));
  if (!slot) {
    return wait_for_connection(locations.endpoint, os::Deadline(wait_ms));
  }
  // Once more under the slot: another client may just have replaced the daemon.
  const VersionCheck now =
      check_daemon_version(locations.endpoint, caller.version, patience.left_ms());
  if (now.usable()) {
    return Readiness::kReady;
  }
  // Silence alone is no reason to replace a daemon: it may swap, or be suspended (ADR 16).
  if (now.timed_out || seen.timed_out) {
    return fail(Code::kUnavailable, "the daemon sent no reply in time; it may be busy");
  }
  // It lives, but does not accept connections yet, or no longer.
  if (now.state == DaemonState::kUnreachable && live_daemon(locations.lock)) {
    return wait_for_connection(locations.endpoint, os::Deadline(wait_ms));
  }
  TRY(require_start_due(locations));
  return start_or_replace(caller, now, *slot, ready_ms, patience);
}

}  // namespace zc::lifecycle
