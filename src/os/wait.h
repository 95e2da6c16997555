// Waiting for several descriptors at once.
//
// Thread: any. Not for the client, which waits for one at a time.
#pragma once

#include <span>

namespace zc::os {

struct WaitSource {
  int fd = -1;            // -1: not waited for
  bool is_ready = false;  // something can be read, the end of the stream and errors included
};

// Returns once a source is ready, `timeout_ms` have passed (-1: for ever), or a signal has come;
// whether one is. Sets `is_ready` of each source.
bool wait_for_any(std::span<WaitSource> sources, int timeout_ms);

}  // namespace zc::os
