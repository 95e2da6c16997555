// The server's side of a socket: taking connections, and limits on how long one may block.
//
// Thread: any. Several threads may wait in accept_connection on one listener; each connection wakes
// one of them.
#pragma once

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

// Waits for a connection, up to the listener's receive limit. Errors, by Error::os_errno: EAGAIN
// (limit passed), EINVAL (refuse_connections was called), EMFILE and the like.
Result<Fd> accept_connection(int listener);

// Sets how long receiving (or accepting) and sending may block; 0 leaves one as it is.
void limit_blocking(int socket, int receive_ms, int send_ms);

// From now on connecting fails, and all that wait in accept_connection return.
void refuse_connections(int listener);

// Ends what the peer may still send: whoever waits for it sees the end of the stream. What is
// being sent to the peer still arrives.
void stop_receiving(int socket);

}  // namespace zc::os
