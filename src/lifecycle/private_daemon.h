// Variables that tell a daemon that it is a private one. Only `zccache session-start
// --private-daemon` sets them, for the daemon alone: a client that starts the daemon of that
// namespace again starts an ordinary one.
//
// Thread: constants.
#pragma once

namespace zc::lifecycle {

// Yes: it ends with its owners.
inline constexpr const char* kPrivateDaemon = "ZCCACHE_PRIVATE_DAEMON";
// The names, with commas between them, of the variables that it got in particular.
inline constexpr const char* kPrivateVariables = "ZCCACHE_PRIVATE_VARIABLES";

}  // namespace zc::lifecycle
