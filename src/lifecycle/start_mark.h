// The mark of a start that has not come to an end: how a client knows that starting the daemon
// failed lately, so that not every compile pays for another attempt.
//
// The client that starts a daemon writes the mark before it does; the daemon removes it once it
// accepts connections. A mark that is found by a client that could start one is therefore a
// failure: no other client is starting a daemon, and the last one never came to serve. Each
// failure doubles the pause, from a second to about four minutes. A client with other hard limits
// than those of the failed attempt need not wait, since these are what a daemon cannot shed
// (os/inheritance.h); `zccache start` never waits.
//
// The directory must have been made safe before (make_directories). Best effort: a mark
// that cannot be written or read is none.
//
// Thread: one, which holds the right to start the daemon.
#pragma once

#include "base/result.h"
#include "lifecycle/locations.h"

namespace zc::lifecycle {

// Whether a compile may try. Errors: kUnavailable, with the time left and what to do.
Result<> require_start_due(const Locations& locations);

// To be called right before a start. Counts the failures in a row, this attempt included.
void mark_start(const Locations& locations);

}  // namespace zc::lifecycle
