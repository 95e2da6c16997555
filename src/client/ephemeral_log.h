// ZCCACHE_EPHEMERAL_LOG: a file that gets a line for each command that belongs to no session. The
// client opens it, with the rights of the build, and the daemon writes to what it gets.
//
// Thread: the client has one.
#pragma once

#include "os/fd.h"

namespace zc::client {

// Invalid: none is wanted, or it is no plain file, or it cannot be opened. Without it a command is
// served all the same.
os::Fd open_ephemeral_log();

}  // namespace zc::client
