#include "os/read_lease.h"

#include <fcntl.h>
#include <signal.h>

namespace zc::os {

ReadLease::ReadLease(int fd) : fd_(::fcntl(fd, F_SETLEASE, F_RDLCK) == 0 ? fd : -1) {}

ReadLease::~ReadLease() {
  if (fd_ >= 0) {
    ::fcntl(fd_, F_SETLEASE, F_UNLCK);
  }
}

bool ReadLease::is_held() const {
  return fd_ >= 0 && ::fcntl(fd_, F_GETLEASE) == F_RDLCK;
}

void ignore_lease_signals() {
  ::signal(SIGIO, SIG_IGN);
}

}  // namespace zc::os
