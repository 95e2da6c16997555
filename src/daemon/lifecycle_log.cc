#include "daemon/lifecycle_log.h"

#include "wire/lifecycle_log.h"

namespace zc::daemon {

void record_spawn(const wire::Locations& locations, const Config& config,
                  std::string_view version) {
  wire::LifecycleEvent("spawn", locations)
      .text("endpoint", locations.endpoint)
      .number("idle_timeout", config.idle_timeout_secs)
      .text("version", version)
      .append();
}

void record_failed_start(const wire::Locations& locations, std::string_view version,
                         std::string_view reason) {
  wire::LifecycleEvent("start-failed", locations)
      .text("endpoint", locations.endpoint)
      .text("reason", reason)
      .text("version", version)
      .append();
}

void record_end(const wire::Locations& locations, const Config& config, End end,
                std::int64_t uptime_secs) {
  if (end == End::kIdle) {
    wire::LifecycleEvent("died-idle", locations)
        .text("reason", "idle-timeout")
        .number("idle_secs", config.idle_timeout_secs)
        .number("idle_timeout_secs", config.idle_timeout_secs)
        .append();
    return;
  }
  wire::LifecycleEvent("died-shutdown", locations)
      .text("reason", end == End::kAsked ? "graceful-shutdown" : "cache-removed")
      .number("uptime_secs", uptime_secs)
      .append();
}

void record_mismatch(const wire::Locations& locations, std::string_view version,
                     std::string_view reason) {
  wire::LifecycleEvent("version_mismatch", locations)
      .text("daemon_version", version)
      .text("reason", reason)
      .append();
}

}  // namespace zc::daemon
