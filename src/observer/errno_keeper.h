// ErrnoKeeper: whatever we do in the middle of a program, its errno stays as it was.
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
