// What the daemon writes to the lifecycle log; the clients' events are in lifecycle/events.h, the
// format in docs/formats/lifecycle-log.md. A daemon that is killed writes no last line.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/config.h"
#include "daemon/lifecycle.h"
#include "lifecycle/locations.h"

namespace zc::daemon {

// `starter_version`: of the client that started the daemon; empty if a person did.
void log_spawn(const lifecycle::Locations& locations, const Config& config,
               std::string_view version, std::string_view starter_version);

// The daemon gave up before it served a client.
void log_failed_start(const lifecycle::Locations& locations, std::string_view version,
                      std::string_view reason);

// `idle_secs`: for how long the daemon had had no request. `owners`: of a private daemon, those
// that have ended.
void log_end(const lifecycle::Locations& locations, const Config& config, End end,
             std::int64_t uptime_secs, std::int64_t idle_secs,
             std::span<const std::int64_t> owners);

// A client spoke another protocol.
void log_mismatch(const lifecycle::Locations& locations, std::string_view version,
                  std::string_view reason);

// A client went away in the middle of a request.
void log_cancelled(const lifecycle::Locations& locations, std::string_view kind,
                   std::string_view reason);

}  // namespace zc::daemon
