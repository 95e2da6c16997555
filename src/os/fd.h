// Fd: an owned file descriptor, closed exactly once; and what a process may do with the number of
// one.
//
// Thread: move-only value.
#pragma once

#include <string>
#include <utility>

namespace zc::os {

// Invalid (-1) when default-constructed, moved from or released.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset(std::exchange(other.fd_, -1));
    }
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  explicit operator bool() const { return valid(); }
  // From now on the caller closes it.
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1) {
    if (fd_ >= 0) {
      close(fd_);
    }
    fd_ = fd;
  }

 private:
  static void close(int fd);

  int fd_ = -1;
};

// Whether the number stands for an open file in this process.
bool is_open(int fd);

// Programs that we execute from now on do not get the descriptor. False: it is not open.
bool close_on_exec(int fd);

// Another number of the same open file, which programs that we execute do not get. Invalid: there
// is none left, or the file is not open.
Fd duplicate(int fd);

// Makes `number` stand for the file of `fd`; what it stood for is closed. Programs that we execute
// get `number` (dup2(2)). Returns 0 or an errno value.
int replace_descriptor(int number, const Fd& fd);

// The path by which programs that we start reach a file that we hold open; empty where there is no
// /proc, and for a file that may not be written.
std::string path_for_programs(const Fd& fd);

}  // namespace zc::os
