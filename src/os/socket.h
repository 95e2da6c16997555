// Unix stream sockets: listen, connect, peer credentials, and messages that carry descriptors.
//
// Thread: any; one thread at a time per descriptor.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

// Connects, and never waits for it. Errors: kNotFound (no such socket), kUnavailable (no process
// listens), kTimeout (a process listens, but as many clients as may wait are waiting), kInvalid
// (path too long), kIo.
Result<Fd> connect_unix(const std::string& path);

// Binds and listens. The path must not exist. The socket file gets mode 0600. Errors: kInvalid
// (path empty or too long), kNotFound (no such directory), kIo.
Result<Fd> listen_unix(const std::string& path);

struct Peer {
  std::uint32_t uid = 0;
  std::int32_t pid = 0;
};
// As it was when the peer called connect or listen (unix(7), SO_PEERCRED); the kernel vouches for
// it. Errors: kIo.
Result<Peer> peer_of(int socket);

// Sends everything; `fds` go with the first byte. SIGPIPE is never raised. Errors: kUnavailable
// (peer has gone), kTimeout (the peer did not take all of it within `timeout_ms`; 0 sends only what
// fits at once), kInvalid (more than limits::kFrameFdsMax descriptors), kIo.
Result<> send_bytes(int socket, std::string_view bytes, std::span<const int> fds, int timeout_ms);

// Waits until something can be received, the end of the stream included. False after `timeout_ms`
// (-1: wait for ever).
bool wait_for_bytes(int socket, int timeout_ms);

// What has arrived, which stays to be received. 0: nothing yet, or the stream has ended. Errors:
// kIo.
Result<std::size_t> peek_bytes(int socket, char* buffer, std::size_t bytes_max);

// Receives up to `bytes_max` and appends to `fds`. Returns the number of bytes, 0 at end of stream.
// Errors: kTimeout when nothing came for `timeout_ms` (-1: wait for ever), kIo.
Result<std::size_t> receive_bytes(int socket, char* buffer, std::size_t bytes_max,
                                  std::vector<Fd>& fds, int timeout_ms);

}  // namespace zc::os
