#include "os/standard_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/name.h"
#include "os/terminal.h"

namespace zc::os {

namespace {

constexpr int kInput = 0;
constexpr const char* kName = "/proc/self/fd/0";

bool is_at_end(const FileStamp& stamp) {
  return stamp.is_regular() && ::lseek(kInput, 0, SEEK_CUR) >= static_cast<off_t>(stamp.size_bytes);
}

// poll(2): POLLHUP alone means that all has been read, and that nobody can write any more.
bool is_hung_up() {
  pollfd input = {.fd = kInput, .events = POLLIN, .revents = 0};
  return ::poll(&input, 1, 0) == 1 && input.revents == POLLHUP;
}

}  // namespace

bool is_standard_input_empty() {
  FileStamp stamp;
  return is_null_device(kInput) ||
         (stamp_of_open(kInput, stamp) == 0 && (is_at_end(stamp) || is_hung_up()));
}

std::optional<InputFile> standard_input_file() {
  InputFile out;
  const bool is_begun = ::lseek(kInput, 0, SEEK_CUR) != 0;
  if (is_begun || stamp_of_open(kInput, out.stamp) != 0 || !out.stamp.is_regular()) {
    return std::nullopt;
  }
  const std::optional<std::string> path = symlink_target(kName);
  if (!path) {
    return std::nullopt;
  }
  out.path = *path;
  return out;
}

void replace_terminal_input() {
  if (is_terminal(kInput)) {
    const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (null) {
      (void)replace_descriptor(kInput, null);
    }
  }
}

}  // namespace zc::os
