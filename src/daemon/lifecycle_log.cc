#include "daemon/lifecycle_log.h"

#include "lifecycle/event_log.h"
#include "os/self.h"

namespace zc::daemon {

namespace {

// The digit of the magic. That of a client which is not understood is not known.
constexpr std::int64_t kProtocolVersion = 1;

}  // namespace

void log_spawn(const lifecycle::Locations& locations, const Config& config,
               std::string_view version, std::string_view starter_version) {
  lifecycle::LifecycleEvent("spawn", locations)
      .text("endpoint", locations.endpoint)
      .number("idle_timeout", config.idle_timeout_secs)
      .text("version", version)
      .text("client_version", starter_version.empty() ? version : starter_version)
      .text("client_binary_path", os::own_path().value_or(std::string()))
      .append();
}

void log_failed_start(const lifecycle::Locations& locations, std::string_view version,
                      std::string_view reason) {
  lifecycle::LifecycleEvent("start-failed", locations)
      .text("endpoint", locations.endpoint)
      .text("reason", reason)
      .text("version", version)
      .append();
}

void log_end(const lifecycle::Locations& locations, const Config& config, End end,
             std::int64_t uptime_secs, std::int64_t idle_secs,
             std::span<const std::int64_t> owners) {
  if (end == End::kOwnersGone) {
    lifecycle::LifecycleEvent("died-private-owner-exit", locations)
        .text("reason", "private-owner-pids-exited")
        .number("uptime_secs", uptime_secs)
        .numbers("removed_pids", owners)
        .append();
    return;
  }
  if (end == End::kIdle) {
    lifecycle::LifecycleEvent("died-idle", locations)
        .text("reason", "idle-timeout")
        .number("idle_secs", idle_secs)
        .number("idle_timeout_secs", config.idle_timeout_secs)
        .append();
    return;
  }
  lifecycle::LifecycleEvent("died-shutdown", locations)
      .text("reason", end == End::kAsked ? "graceful-shutdown" : "cache-removed")
      .number("uptime_secs", uptime_secs)
      .append();
}

void log_mismatch(const lifecycle::Locations& locations, std::string_view version,
                  std::string_view reason) {
  lifecycle::LifecycleEvent("version_mismatch", locations)
      .text("daemon_crate_version", version)
      .number("daemon_protocol_version", kProtocolVersion)
      .number("client_protocol_version", 0)
      .text("reason", reason)
      .append();
}

void log_cancelled(const lifecycle::Locations& locations, std::string_view kind,
                   std::string_view reason) {
  lifecycle::LifecycleEvent("client_cancelled", locations)
      .text("kind", kind)
      .text("reason", reason)
      .append();
}

}  // namespace zc::daemon
