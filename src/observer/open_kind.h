// How a file is opened, by its flags or the mode of fopen: the kind of the event, which is R, W or
// S (a file that is opened for reading and writing is W), and what comes of a file that is there
// already. `long`, since the flags may be a word of a system call.
//
// Thread: any; no state.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace zc::observer {

// What a call that writes a path does with what is there; the number is the outcome of an event of
// kind I.
enum class WayToWrite : int {
  kInto = 0,             // what it holds stays, at least in part
  kNewOnly = ENOENT,     // the call fails, or does something else, if there is anything
  kReplaced = EEXIST,    // another file takes its place
  kMode = EACCES,        // its permissions change
  kAttributes = EPERM,   // its owner, its attributes, or its times, other than to the present
  kRandomName = EINTR,   // there is nothing: the C library has chosen the name
  kEmptied = ECANCELED,  // nothing of its content stays; no event
};

inline char kind_of(long flags) {
  // An unnamed file is made in a directory, which does not change.
  if ((flags & O_PATH) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
    return 'S';
  }
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
  return writes ? 'W' : 'R';
}

inline WayToWrite way_of(long flags) {
  if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) {
    return WayToWrite::kNewOnly;
  }
  return (flags & O_TRUNC) != 0 ? WayToWrite::kEmptied : WayToWrite::kInto;
}

// Of the mode of fopen(3): "r" alone only reads; "r+", "w" and "a" write.
inline char kind_of(const char* mode) {
  return mode[0] == 'r' && std::strchr(mode, '+') == nullptr ? 'R' : 'W';
}
inline WayToWrite way_of(const char* mode) {
  if (mode[0] != 'w') {
    return WayToWrite::kInto;
  }
  return std::strchr(mode, 'x') == nullptr ? WayToWrite::kEmptied : WayToWrite::kNewOnly;
}

}  // namespace zc::observer
