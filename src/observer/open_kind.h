// The kind of the event for a file that is opened with these flags: R, W or S. A file that is
// opened for reading and writing is W. `long`, since the flags may be a word of a system call.
//
// Thread: any; no state.
#pragma once

#include <fcntl.h>

namespace zc::observer {

inline char open_kind(long flags) {
  // An unnamed file is made in a directory, which does not change.
  if ((flags & O_PATH) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
    return 'S';
  }
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
  return writes ? 'W' : 'R';
}

}  // namespace zc::observer
