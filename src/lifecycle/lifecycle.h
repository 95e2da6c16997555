// Finding the daemon, and making sure that there is one: version check, start, replacement.
//
// The one implementation, for wrapper and tools alike. The rules:
//   * a daemon of our version or a newer one is used as it is;
//   * an older one, or one that does not speak our language, is replaced;
//   * one that lives but does not answer connections is waited for, never killed;
//   * one that is silent is replaced by `start` and its kin alone, and late; a compile goes on
//     without it (lifecycle/silence.h);
//   * only a process that holds the lock, has the start time written in it and runs
//     zccache-daemon is ever signalled;
//   * among clients that race, the one that holds "<lock>.spawn" starts the daemon. The daemon
//     inherits that lock and keeps it until it accepts connections.
//
// Thread: any; functions block up to the times below.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lifecycle/locations.h"
#include "os/clock.h"
#include "os/process.h"
#include "wire/frame.h"

namespace zc::lifecycle {

// The daemon answers this question at once, whatever else it does. Past it, silence counts as a
// broken daemon for `start` and its kin: a machine that swaps or is suspended takes its time.
inline constexpr int kStatusReplyMs = 30'000;
inline constexpr int kSpawnWaitMs = 10'000;

// Who wants a daemon. Borrows everything.
struct Caller {
  const lifecycle::Locations& locations;
  std::string_view version;
  const char* const* environment;              // NAME=VALUE, ends with nullptr
  void (*inform)(std::string_view) = nullptr;  // gets a line for each automatic recovery
  int reply_ms = kStatusReplyMs;               // so long the daemon may be silent
};

// Connects, and makes sure that the other end belongs to this user. Errors: kNotFound and
// kUnavailable: nobody is there; kTimeout: too many wait for it already; kInvalid: somebody else is
// there; kIo.
Result<wire::Channel> connect_daemon(const std::string& endpoint);

enum class DaemonState { kOk, kUnreachable, kOlder, kNewer, kCommError };

struct VersionCheck {
  DaemonState state = DaemonState::kUnreachable;
  std::string daemon_version;  // with kOlder
  bool timed_out = false;      // with kCommError: it said nothing, rather than something wrong

  bool usable() const { return state == DaemonState::kOk || state == DaemonState::kNewer; }
};

// One round trip.
VersionCheck check_daemon_version(const std::string& endpoint, std::string_view own_version,
                                  int reply_ms = kStatusReplyMs);

// The daemon that holds `lock` and is what the lock says it is; nothing otherwise.
std::optional<os::ProcessHandle> live_daemon(const std::string& lock);

// When it returns, a daemon accepts connections. Errors: kInvalid (unsafe directory, or
// ZCCACHE_NO_SPAWN forbids starting one), kNotFound (no zccache-daemon), kTimeout, kUnavailable.
Result<> ensure_daemon(const Caller& caller);

enum class Readiness { kReady, kNotYet };

// For a compile that cannot wait: given what the caller saw, does the same, waits at most
// `ready_ms` for a new daemon and for everything together until `patience` ends, and says whether
// the daemon is ready. A daemon that merely gave no answer is left alone. Errors: as ensure_daemon.
Result<Readiness> ensure_daemon_for_wrapper(const Caller& caller, const VersionCheck& seen,
                                            int ready_ms, const os::Deadline& patience);

}  // namespace zc::lifecycle
