// ReadLease: while it is held, nobody opens the file for writing or truncates it: who tries waits
// until it is given back (fcntl(2), "Leases"). So a file can be read at leisure though its owner
// has been told to go on.
//
// The kernel takes a lease back by force after /proc/sys/fs/lease-break-time (45 s by default);
// then `is_held` is false, as it is from the moment on that somebody waits.
//
// Thread: any. Ownership: borrows the descriptor, which must be open for reading only.
#pragma once

#include <utility>

namespace zc::os {

class ReadLease {
 public:
  // Not held when the file is open for writing somewhere, is somebody else's, or lies on a file
  // system without leases.
  explicit ReadLease(int fd);
  ReadLease(ReadLease&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ReadLease(const ReadLease&) = delete;
  ReadLease& operator=(const ReadLease&) = delete;
  ReadLease& operator=(ReadLease&&) = delete;
  ~ReadLease();

  bool is_held() const;

 private:
  int fd_;
};

// The kernel tells the holder of a lease that somebody waits by a signal, which ends the process
// unless this was called.
void ignore_lease_signals();

}  // namespace zc::os
