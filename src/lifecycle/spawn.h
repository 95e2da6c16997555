// Starting a daemon and waiting until it accepts connections.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lifecycle/caller.h"
#include "os/lock.h"

namespace zc::lifecycle {

// As given (ADR 15).
inline constexpr int kSpawnWaitMs = 10'000;

enum class Readiness : std::uint8_t { kReady, kNotYet };

// Starts a daemon and waits at most `wait_ms` for it. It runs from a copy of its program, so that
// an upgrade may overwrite the installed file meanwhile. The directories have been made safe before
// (make_directories). `slot` is the lock that makes us the only client that starts one; the daemon
// inherits it. Errors: kNotFound: there is no daemon program; kUnavailable: the daemon gave up, and
// why; kIo.
Result<Readiness> spawn_and_wait(const Caller& caller, std::string_view reason,
                                 const os::FileLock& slot, int wait_ms);

// Beside our own program, else on PATH. Errors: kNotFound.
Result<std::string> find_daemon_binary(const char* const* environment);

// The daemon's environment: the caller's ZCCACHE_* variables, with the lineage variables, and with
// locations that do not depend on the working directory. ZCCACHE_LINEAGE is the chain of pids that
// led to the daemon, outermost first, with '>' between them.
std::vector<std::string> daemon_environment(const Caller& caller, long client_pid);

}  // namespace zc::lifecycle
