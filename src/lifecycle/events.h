// What a client writes about daemons into the lifecycle log (docs/formats/lifecycle-log.md), and
// the line for people when it recovers by itself from a daemon that cannot be used.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string_view>

#include "lifecycle/caller.h"
#include "lifecycle/version.h"

namespace zc::lifecycle {

// The reason of a start, by what was there before.
std::string_view reason_of_start(DaemonState seen);

// It waits for another client that starts the daemon.
void log_parked(const Caller& caller, DaemonState seen);

// It is about to replace the daemon that it saw.
void log_recovery(const Caller& caller, const VersionCheck& seen);

// It killed a daemon, and has started another one by now.
void log_takeover(const Caller& caller, std::int32_t killed);

// A daemon was lost in the middle of a request.
void log_disconnect(const Caller& caller, std::string_view cause, std::string_view detail);

}  // namespace zc::lifecycle
