#include "os/standard_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/fd.h"
#include "os/file.h"
#include "os/memory_file.h"
#include "os/name.h"
#include "os/terminal.h"

namespace zc::os {

namespace {

constexpr int kInput = 0;
constexpr const char* kName = "/proc/self/fd/0";

bool is_at_end(const FileStamp& stamp) {
  return stamp.is_regular() && ::lseek(kInput, 0, SEEK_CUR) >= static_cast<off_t>(stamp.size_bytes);
}

std::size_t waiting_bytes() {
  int count = 0;
  return ::ioctl(kInput, FIONREAD, &count) == 0 && count > 0 ? static_cast<std::size_t>(count) : 0;
}

// A writer that finds the pipe full waits for a reader before it closes it; how much fits depends
// on the sizes of its writes.
bool is_closed_soon(std::size_t bytes_max) {
  constexpr int kLooks = 100;
  constexpr int kLookMs = 10;
  for (int i = 0; i < kLooks && waiting_bytes() <= bytes_max; ++i) {
    // No event but the one that cannot be left out: POLLHUP.
    pollfd input = {.fd = kInput, .events = 0, .revents = 0};
    const int found = ::poll(&input, 1, kLookMs);
    if (found < 0 && errno != EINTR) {
      return false;
    }
    if (found == 1) {
      return input.revents == POLLHUP;
    }
  }
  return false;
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

std::optional<std::string> take_piped_input(std::size_t bytes_max) {
  FileStamp stamp;
  if (stamp_of_open(kInput, stamp) != 0 || !S_ISFIFO(stamp.mode) || !is_closed_soon(bytes_max)) {
    return std::nullopt;
  }
  // What has been read is nowhere else, so all that may fail comes before.
  const std::size_t size = waiting_bytes();
  const Fd pipe(::fcntl(kInput, F_DUPFD_CLOEXEC, 0));
  const Fd file = make_growing_memory_file("zccache-input");
  const bool has_room = size == 0 || ::fallocate(file.get(), 0, 0, static_cast<off_t>(size)) == 0;
  if (!pipe || !file || size > bytes_max || !has_room || replace_descriptor(kInput, file) != 0) {
    return std::nullopt;
  }
  std::string text = read_fd(pipe.get(), size).value_or("");
  (void)write_all(kInput, text);
  move_standard_input(0);
  return text;
}

std::optional<std::int64_t> standard_input_place() {
  const off_t place = ::lseek(kInput, 0, SEEK_CUR);
  return place < 0 ? std::nullopt : std::optional<std::int64_t>(place);
}

void move_standard_input(std::int64_t place) {
  (void)::lseek(kInput, place, SEEK_SET);
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
