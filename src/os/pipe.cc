#include "os/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace zc::os {

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  return Pipe{.read = Fd(ends[0]), .write = Fd(ends[1])};
}

}  // namespace zc::os
