#include "os/terminal.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace zc::os {

bool is_terminal(int fd) {
  return ::isatty(fd) != 0;
}

bool is_null_device(int fd) {
  struct stat st = {};
  return ::fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

}  // namespace zc::os
