// zccache stop: sends a request to shut down, and waits until the daemon has released socket and
// lock. A daemon that does not reply is killed, but only if it certainly is the daemon
// (lifecycle/connect.h).

#include <algorithm>

#include "base/str.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "cli/settings_view.h"
#include "config/keys.h"
#include "lifecycle/connect.h"
#include "os/clock.h"
#include "os/lock.h"

namespace zc::cli {

namespace {

// The reply comes before the daemon finishes its requests, so it comes soon.
constexpr int kShutdownReplyMs = 2'000;
constexpr int kKillWaitMs = 5'000;
constexpr int kExitPollMs = 5;
// For the end of a daemon that has replied.
constexpr std::int64_t kWaitSecsMax = 3'600;

int wait_ms(const lifecycle::Caller& caller) {
  const std::string value = view_settings(caller).at("stop_timeout_secs").value;
  const std::int64_t secs = config::parse_seconds(value).value_or(kWaitSecsMax);
  return static_cast<int>(std::min(secs, kWaitSecsMax)) * 1000;
}

// Waits until the daemon has released the socket and the lock: then the next one can start at once.
// False after `timeout_ms`.
bool wait_until_gone(const lifecycle::Locations& locations, int timeout_ms) {
  const Progress progress("waiting for the daemon to end");
  const auto is_gone = [&] {
    return !lifecycle::connect_daemon(locations.endpoint) && !os::is_lock_held(locations.lock);
  };
  return os::wait_until(is_gone, os::Deadline(timeout_ms), kExitPollMs);
}

int kill_daemon(const os::ProcessHandle& daemon) {
  const long pid = daemon.pid();
  if (const Result<> killed = daemon.kill(); !killed && killed.error().code != Code::kNotFound) {
    print_note(str_cat("failed to kill daemon process ", pid, ": ", killed.error().message));
    return kFailed;
  }
  if (!daemon.wait_gone(kKillWaitMs)) {
    print_note(str_cat("daemon process ", pid, " survived being killed"));
    return kFailed;
  }
  print_note(str_cat("daemon process ", pid, " did not reply and was killed"));
  return kDone;
}

}  // namespace

int stop(const lifecycle::Caller& caller, Args args) {
  if (!args.empty()) {
    return bad_argument("stop", args[0]);
  }
  const lifecycle::Locations& locations = caller.locations;
  const Result<std::string> asked =
      request(caller, wire::Type::kShutdown, wire::Type::kShutdownReply, kShutdownReplyMs);
  if (asked) {
    if (!wait_until_gone(locations, wait_ms(caller))) {
      print_note("warning: the daemon is still finishing its last requests");
    }
    print_note("daemon stopped");
    return kDone;
  }
  const std::optional<os::ProcessHandle> daemon = lifecycle::live_daemon(locations.lock);
  if (!daemon) {
    if (means_no_daemon(asked.error())) {
      print_note(str_cat("daemon not running at ", locations.endpoint));
      return kDone;
    }
    print_note(str_cat("failed to stop daemon: ", asked.error().message));
    return kFailed;
  }
  // A daemon that no longer listens may be ending, with requests to finish.
  if (means_no_daemon(asked.error()) && wait_until_gone(locations, wait_ms(caller))) {
    print_note("daemon stopped");
    return kDone;
  }
  return kill_daemon(*daemon);
}

}  // namespace zc::cli
