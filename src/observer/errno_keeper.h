// ErrnoKeeper: restores errno at its end, so that the observer's own calls do not change the
// program's errno.
//
// Thread: the one that made it.
#pragma once

#include <cerrno>

namespace zc::observer {

class ErrnoKeeper {
 public:
  ErrnoKeeper() : value_(errno) {}
  ~ErrnoKeeper() { errno = value_; }
  ErrnoKeeper(const ErrnoKeeper&) = delete;
  ErrnoKeeper& operator=(const ErrnoKeeper&) = delete;

 private:
  int value_;
};

}  // namespace zc::observer
