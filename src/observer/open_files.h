// Looks at files that are open already, by calls that may also be about a path.
//
// Thread: any.
#pragma once

namespace zc::observer {

// Before such a call; makes an event if `caller` is late code.
void record_look_at_open_file(const void* caller, int fd);

}  // namespace zc::observer
