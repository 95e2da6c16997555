#include "os/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/path.h"
#include "base/str.h"
#include "os/name.h"
#include "os/self.h"
#include "os/temporary_file.h"

namespace zc::os {

namespace {

// FICLONE of linux/fs.h, whose headers the musl build does not have: _IOW(0x94, 9, int).
constexpr unsigned long kFiclone = 0x40049409UL;

// On the stack: the daemon's threads have 256 KiB of it (os/thread.h), and the client needs as much
// to go on (client/callers_limits.cc).
constexpr std::size_t kCopyChunkBytes = std::size_t{1} << 16;

// By the number of an Open.
constexpr std::array kFlags = {
    O_RDONLY,
    O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
    O_PATH,
    O_WRONLY | O_APPEND | O_CREAT,
    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW,
    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
};
static_assert(kFlags.size() == static_cast<std::size_t>(Open::kRewrite) + 1);

// Repeats a call that a signal has interrupted.
template <class Call>
Result<std::size_t> read_uninterrupted(Call call) {
  while (true) {
    const ssize_t n = call();
    if (n >= 0) {
      return static_cast<std::size_t>(n);
    }
    if (errno != EINTR) {
      return fail_errno(errno, "cannot read an open file");
    }
  }
}

}  // namespace

Result<Fd> open_file(const std::string& path, Open how) {
  constexpr std::uint32_t kPrivate = 0600;
  return open_path(path, kFlags[static_cast<std::size_t>(how)], kPrivate);
}

Result<Fd> open_path(const std::string& path, int flags, std::uint32_t mode) {
  while (true) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (fd >= 0) {
      return Fd(fd);
    }
    if (errno != EINTR) {
      return fail_errno(errno, str_cat("cannot open ", path));
    }
  }
}

Result<std::size_t> read_some(int fd, char* buffer, std::size_t bytes_max) {
  return read_uninterrupted([&] { return ::read(fd, buffer, bytes_max); });
}

Result<std::size_t> read_at(int fd, char* buffer, std::size_t bytes_max, std::uint64_t offset) {
  return read_uninterrupted(
      [&] { return ::pread(fd, buffer, bytes_max, static_cast<off_t>(offset)); });
}

Result<std::string> read_fd(int fd, std::uint64_t bytes_max) {
  FileStamp stamp;
  std::string out;
  std::size_t used = 0;
  if (stamp_of_open(fd, stamp) == 0 && stamp.is_regular()) {
    if (stamp.size_bytes > bytes_max) {
      return fail(Code::kInvalid, "file is larger than its limit");
    }
    // One byte more, so that the read which finds the end needs no more room. Files of /proc state
    // a size of 0 and are read to their end all the same.
    out.resize(stamp.size_bytes + 1);
  }
  while (true) {
    if (used == out.size()) {
      out.resize(std::max<std::size_t>(out.size() * 2, 4096));
    }
    TRY_ASSIGN(const std::size_t n, read_some(fd, out.data() + used, out.size() - used));
    if (n == 0) {
      out.resize(used);
      return out;
    }
    used += n;
    if (used > bytes_max) {
      return fail(Code::kInvalid, "file is larger than its limit");
    }
  }
}

Result<std::string> read_path(const std::string& path, std::uint64_t bytes_max) {
  TRY_ASSIGN(const Fd fd, open_path(path, O_RDONLY));
  Result<std::string> bytes = read_fd(fd.get(), bytes_max);
  if (!bytes) {
    return fail(bytes.error().code, str_cat(path, ": ", bytes.error().message),
                bytes.error().os_errno);
  }
  return bytes;
}

Result<std::string> read_from_start(int fd, std::uint64_t bytes_max) {
  if (::lseek(fd, 0, SEEK_SET) != 0) {
    return fail_errno(errno, "cannot read an open file from its start");
  }
  return read_fd(fd, bytes_max);
}

namespace {

// Another process that shares the pipe or terminal has made it non-blocking. Waits for room,
// without limit, as a blocking write would. False: the wait failed.
bool wait_for_room(int fd) {
  pollfd waiting = {.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&waiting, 1, -1) == 1 || errno == EINTR;
}

}  // namespace

Result<> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR || (errno == EAGAIN && wait_for_room(fd))) {
        continue;
      }
      return fail_errno(errno, "cannot write an open file");
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

void write_or_lose(int fd, std::string_view bytes) {
  [[maybe_unused]] const ssize_t written = ::write(fd, bytes.data(), bytes.size());
}

Result<> replace_file(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  const std::string name = str_cat(path, ".tmp-", process_id());
  // Left behind by a process that had our pid and was killed.
  remove_name(name);
  TRY_ASSIGN(TemporaryFile file, TemporaryFile::create(name, mode));
  TRY(write_all(file.fd().get(), bytes));
  if (const int err = file.move_to(path); err != 0) {
    return fail_errno(err, str_cat("cannot replace ", path));
  }
  return {};
}

namespace {

Result<> copy_by_reading(int from, int to, std::uint64_t offset) {
  char buffer[kCopyChunkBytes];
  while (true) {
    TRY_ASSIGN(const std::size_t n, read_at(from, buffer, sizeof buffer, offset));
    if (n == 0) {
      return {};
    }
    TRY(write_all(to, {buffer, n}));
    offset += n;
  }
}

}  // namespace

bool clone_fd(int from, int to) {
  return ::ioctl(to, kFiclone, from) == 0;
}

Result<> copy_fd(int from, int to, std::uint64_t size_bytes) {
  if (size_bytes == 0 || clone_fd(from, to)) {
    return {};
  }
  off_t offset = 0;
  while (static_cast<std::uint64_t>(offset) < size_bytes) {
    const ssize_t n = ::copy_file_range(from, &offset, to, nullptr,
                                        size_bytes - static_cast<std::uint64_t>(offset), 0);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      // Two file systems, or one that has no such call: reading and writing works on all of them.
      // ENOSPC would fail again below and is reported from there.
      return copy_by_reading(from, to, static_cast<std::uint64_t>(offset));
    }
  }
  return {};
}

Result<> make_directories(const std::string& path) {
  // Also if it is no directory: the first use of it reports that.
  const auto make = [&] { return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST; };
  if (make()) {
    return {};
  }
  const std::string parent(dir_name(path));
  if (errno == ENOENT && parent != path) {
    TRY(make_directories(parent));
    if (make()) {
      return {};
    }
  }
  return fail_errno(errno, str_cat("cannot create directory ", path));
}

}  // namespace zc::os
