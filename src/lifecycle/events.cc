#include "lifecycle/events.h"

#include "base/str.h"
#include "lifecycle/connect.h"
#include "lifecycle/event_log.h"
#include "os/self.h"
#include "os/socket.h"

namespace zc::lifecycle {

namespace {

// The pid of the process that listens now, as the kernel reports it. 0: not known.
std::int32_t pid_of_daemon(const Caller& caller) {
  const Result<wire::Connection> connection = connect_daemon(caller.locations.endpoint);
  const Result<os::Peer> peer =
      connection ? os::peer_of(connection->fd()) : std::unexpected(connection.error());
  return peer ? peer->pid : 0;
}

}  // namespace

std::string_view reason_of_start(DaemonState seen) {
  switch (seen) {
    case DaemonState::kOlder:
      return "replaced-stale-version";
    case DaemonState::kCommError:
      return "replaced-comm-error";
    default:
      return "initial-start";
  }
}

void log_parked(const Caller& caller, DaemonState seen) {
  LifecycleEvent("spawn-parked", caller.locations)
      .text("reason", reason_of_start(seen))
      .text("endpoint", caller.locations.endpoint)
      .number("client_pid", os::process_id())
      .text("client_version", caller.version)
      .append();
}

void log_recovery(const Caller& caller, const VersionCheck& seen) {
  LifecycleEvent("auto-recovery", caller.locations)
      .text("reason", reason_of_start(seen.state))
      .text("endpoint", caller.locations.endpoint)
      .text("daemon_version", seen.daemon_version)
      .number("client_pid", os::process_id())
      .text("client_version", caller.version)
      .append();
  if (caller.inform == nullptr) {
    return;
  }
  const std::string problem = seen.state == DaemonState::kOlder
                                  ? str_cat("has the older version ", seen.daemon_version)
                                  : std::string("sent no usable reply");
  caller.inform(str_cat("the daemon at ", caller.locations.endpoint, " ", problem,
                        "; replacing it by version ", caller.version));
}

void log_takeover(const Caller& caller, std::int32_t killed) {
  const std::int32_t successor = pid_of_daemon(caller);
  LifecycleEvent("daemon-died", caller.locations, killed)
      .text("endpoint", caller.locations.endpoint)
      .text("reason", "takeover")
      .number("replaced_by_pid", successor)
      .text("replaced_by_version", caller.version)
      .number("client_pid", os::process_id())
      .append();
  if (successor == 0) {
    return;
  }
  LifecycleEvent("pipe-handover", caller.locations, successor)
      .text("endpoint", caller.locations.endpoint)
      .number("inbound_pid", successor)
      .text("inbound_version", caller.version)
      .number("outbound_pid", killed)
      .text("reason", "previous-died")
      .number("client_pid", os::process_id())
      .append();
}

void log_disconnect(const Caller& caller, std::string_view cause, std::string_view detail) {
  LifecycleEvent("client-disconnected", caller.locations)
      .text("endpoint", caller.locations.endpoint)
      .number("client_pid", os::process_id())
      .text("client_version", caller.version)
      .text("client_binary_path", os::own_path().value_or(std::string()))
      .text("cause", cause)
      .text("detail", detail)
      .append();
}

}  // namespace zc::lifecycle
