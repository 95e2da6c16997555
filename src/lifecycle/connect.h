// The running daemon as other programs reach it: through its socket, and as the process that holds
// its lock.
//
// Only a process that holds the lock, has the start time written in it and runs zccache-daemon is
// the daemon; no other process is ever signalled.
//
// Thread: any. Neither function waits for the daemon to do anything.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "os/process.h"
#include "wire/frame.h"

namespace zc::lifecycle {

// Connects, and makes sure that the other end belongs to this user. Errors: kNotFound and
// kUnavailable: no daemon listens; kTimeout: too many clients wait for it already; kInvalid: the
// process that listens belongs to another user; kIo.
Result<wire::Connection> connect_daemon(const std::string& endpoint);

// The daemon that holds `lock` and is what the lock says it is; nothing otherwise.
std::optional<os::ProcessHandle> live_daemon(const std::string& lock);

}  // namespace zc::lifecycle
