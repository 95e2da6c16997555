// The server's side of a socket: taking connections.
//
// Thread: any. Several threads may wait in accept_connection on one listener; each connection wakes
// one of them.
#pragma once

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

// Waits for a connection, up to the listener's limit. Errors, by Error::os_errno: EAGAIN (limit
// passed), EINVAL (refuse_connections was called), EMFILE and the like.
Result<Fd> accept_connection(int listener);

// Sets how long accept_connection may block; 0: for ever (socket(7), SO_RCVTIMEO).
void limit_accepting(int listener, int milliseconds);

// From now on connecting fails, and all threads that wait in accept_connection return. To close the
// listener would not wake them.
void refuse_connections(int listener);

// Ends what the peer may still send: a thread that waits for it sees the end of the stream. What is
// being sent to the peer still arrives.
void stop_receiving(int socket);

}  // namespace zc::os
