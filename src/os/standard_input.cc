#include "os/standard_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/name.h"
#include "os/pipe.h"
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

// What take_piped_input has taken: the process has one standard input. (The client has no libstdc++
// that could destroy an object at its end.)
constinit std::array<char, limits::kPipedInputBytesMax> taken_bytes = {};
constinit std::string_view taken_text;

// The end to write to of a pipe that standard input becomes. Invalid, and it stays, if a write of
// `size` bytes would have to wait for a reader.
Fd replace_by_pipe(std::size_t size) {
  Result<Pipe> pipe = make_pipe();
  if (!pipe) {
    return Fd();
  }
  const int room = ::fcntl(pipe->write.get(), F_GETPIPE_SZ);
  const bool fits = room >= 0 && size <= static_cast<std::size_t>(room);
  return fits && replace_descriptor(kInput, pipe->read) == 0 ? std::move(pipe->write) : Fd();
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
  const Fd old(::fcntl(kInput, F_DUPFD_CLOEXEC, 0));
  const Fd pipe = size > std::min(bytes_max, taken_bytes.size()) ? Fd() : replace_by_pipe(size);
  if (!old || !pipe) {
    return std::nullopt;
  }
  std::string text = read_fd(old.get(), size).value_or("");
  (void)write_all(pipe.get(), text);
  taken_text = {taken_bytes.data(), text.copy(taken_bytes.data(), taken_bytes.size())};
  return text;
}

InputPlace InputPlace::now() {
  InputPlace out;
  if (const off_t place = ::lseek(kInput, 0, SEEK_CUR); place >= 0) {
    out.offset_ = place;
  }
  return out;
}

void InputPlace::restore() const {
  if (offset_) {
    (void)::lseek(kInput, *offset_, SEEK_SET);
  } else if (!taken_text.empty()) {
    if (const Fd pipe = replace_by_pipe(taken_text.size())) {
      (void)write_all(pipe.get(), taken_text);
    }
  }
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
