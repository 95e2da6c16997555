// Making sure that there is a daemon: version check, start, replacement.
//
// The one implementation, for wrapper and tools alike. The rules:
//   * a daemon of our version or a newer one is used as it is;
//   * an older one, or one that does not speak our language, is replaced;
//   * one that lives but does not answer connections is waited for, never killed;
//   * one that is silent is replaced by `start` and its kin alone, and late; a compile goes on
//     without it (lifecycle/silence.h);
//   * only a process that certainly is the daemon is ever signalled (lifecycle/connect.h);
//   * among clients that race, the one that holds "<lock>.spawn" starts the daemon. The daemon
//     inherits that lock and keeps it until it accepts connections.
//
// Thread: any; both functions block, up to the times that they name.
#pragma once

#include "base/result.h"
#include "lifecycle/caller.h"
#include "lifecycle/spawn.h"
#include "lifecycle/version.h"
#include "os/clock.h"

namespace zc::lifecycle {

// When it returns, a daemon accepts connections. Errors: kInvalid (unsafe directory, or
// ZCCACHE_NO_SPAWN forbids starting one), kNotFound (no zccache-daemon), kTimeout, kUnavailable.
Result<> ensure_daemon(const Caller& caller);

// For a compile that cannot wait: given what the caller saw, does the same, waits at most
// `ready_ms` for a new daemon and for everything together until `patience` ends, and says whether
// the daemon is ready. A daemon that merely sent no reply is left alone. Errors: as ensure_daemon.
Result<Readiness> ensure_daemon_for_wrapper(const Caller& caller, const VersionCheck& seen,
                                            int ready_ms, const os::Deadline& patience);

}  // namespace zc::lifecycle
