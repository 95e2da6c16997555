#include "os/fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/str.h"

namespace zc::os {

void Fd::close(int fd) {
  // Not repeated after EINTR: Linux has let go of the number by then (close(2), NOTES), and another
  // thread may have it again.
  ::close(fd);
}

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

bool close_on_exec(int fd) {
  return ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

Fd duplicate(int fd) {
  return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

int replace_descriptor(int number, const Fd& fd) {
  return ::dup2(fd.get(), number) < 0 ? errno : 0;
}

std::string path_for_programs(const Fd& fd) {
  std::string path = str_cat("/proc/", static_cast<long>(::getpid()), "/fd/", fd.get());
  if (::access(path.c_str(), W_OK) != 0) {
    path.clear();
  }
  return path;
}

}  // namespace zc::os
