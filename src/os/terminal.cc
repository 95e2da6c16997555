#include "os/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace zc::os {

namespace {

Result<Pipe> make_terminal(const winsize& size) {
  constexpr int kFlags = O_RDWR | O_NOCTTY | O_CLOEXEC;
  constexpr const char* kFailed = "cannot make a pseudo terminal";
  Fd ours(::open("/dev/ptmx", kFlags));
  int is_locked = 0;
  if (!ours || ::ioctl(ours.get(), TIOCSPTLCK, &is_locked) != 0) {
    return fail_errno(errno, kFailed);
  }
  // Not by its path: in a chroot, that may lead to another terminal (since Linux 4.13,
  // ioctl_tty(2)).
  Fd theirs(::ioctl(ours.get(), TIOCGPTPEER, kFlags));
  termios mode = {};
  if (!theirs || ::tcgetattr(theirs.get(), &mode) != 0) {
    return fail_errno(errno, kFailed);
  }
  ::cfmakeraw(&mode);
  if (::tcsetattr(theirs.get(), TCSANOW, &mode) != 0 ||
      ::ioctl(theirs.get(), TIOCSWINSZ, &size) != 0) {
    return fail_errno(errno, kFailed);
  }
  return Pipe{.read = std::move(ours), .write = std::move(theirs)};
}

}  // namespace

bool is_terminal(int fd) {
  return ::isatty(fd) != 0;
}

std::uint64_t columns_of(int fd) {
  winsize size = {};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool is_in_background(int fd) {
  const pid_t foreground = ::tcgetpgrp(fd);
  return foreground != -1 && foreground != ::getpgrp();
}

Result<Pipe> make_pipe_like(int fd) {
  if (!is_terminal(fd)) {
    return make_pipe();
  }
  winsize size = {};
  (void)::ioctl(fd, TIOCGWINSZ, &size);
  return make_terminal(size);
}

bool is_null_device(int fd) {
  struct stat st = {};
  return ::fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

}  // namespace zc::os
