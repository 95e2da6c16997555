#include "os/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/path.h"
#include "base/str.h"

namespace zc::os {

namespace {

// FICLONE of linux/fs.h, whose headers the musl build does not have: _IOW(0x94, 9, int).
constexpr unsigned long kFiclone = 0x40049409UL;

constexpr std::size_t kCopyChunkBytes = std::size_t{1} << 16;

}  // namespace

FileStamp stamp_of(const struct stat& st) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {.dev = st.st_dev,
          .ino = st.st_ino,
          .size_bytes = static_cast<std::uint64_t>(st.st_size),
          .mtime_ns = static_cast<std::int64_t>(st.st_mtim.tv_sec) * kSecond + st.st_mtim.tv_nsec,
          .ctime_ns = static_cast<std::int64_t>(st.st_ctim.tv_sec) * kSecond + st.st_ctim.tv_nsec,
          .mode = st.st_mode,
          .names = static_cast<std::uint32_t>(st.st_nlink)};
}

Result<FileStamp> stat_path(const std::string& path) {
  struct stat st;
  if (::stat(path.c_str(), &st) != 0) {
    return fail_errno(errno, str_cat("cannot stat ", path));
  }
  return stamp_of(st);
}

Result<FileStamp> stat_fd(int fd) {
  struct stat st;
  if (::fstat(fd, &st) != 0) {
    return fail_errno(errno, "cannot stat an open file");
  }
  return stamp_of(st);
}

Result<Fd> open_path(const std::string& path, int flags, mode_t mode) {
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

Result<std::string> read_fd(int fd, std::uint64_t bytes_max) {
  struct stat st;
  std::string out;
  std::size_t used = 0;
  if (::fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
    const auto size = static_cast<std::uint64_t>(st.st_size);
    if (size > bytes_max) {
      return fail(Code::kInvalid, "file is larger than its limit");
    }
    out.resize(size + 1);
  }
  while (true) {
    if (used == out.size()) {
      out.resize(std::max<std::size_t>(out.size() * 2, 4096));
    }
    const ssize_t n = ::read(fd, out.data() + used, out.size() - used);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail_errno(errno, "cannot read an open file");
    }
    if (n == 0) {
      out.resize(used);
      return out;
    }
    used += static_cast<std::size_t>(n);
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

namespace {

// Somebody who shares the pipe or terminal has made it non-blocking.
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

Result<> replace_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = str_cat(path, ".tmp-", static_cast<long>(::getpid()));
  ::unlink(temporary.c_str());
  TRY_ASSIGN(const Fd fd, open_path(temporary, O_WRONLY | O_CREAT | O_EXCL, mode));
  if (Result<> written = write_all(fd.get(), bytes); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int err = errno;
    ::unlink(temporary.c_str());
    return fail_errno(err, str_cat("cannot replace ", path));
  }
  return {};
}

namespace {

Result<> copy_by_reading(int from, int to, std::uint64_t offset) {
  char buffer[kCopyChunkBytes];
  while (true) {
    const ssize_t n = ::pread(from, buffer, sizeof buffer, static_cast<off_t>(offset));
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail_errno(errno, "cannot read the file to copy");
    }
    if (n == 0) {
      return {};
    }
    TRY(write_all(to, {buffer, static_cast<std::size_t>(n)}));
    offset += static_cast<std::uint64_t>(n);
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
      // ENOSPC would fail again below and is reported from there.
      return copy_by_reading(from, to, static_cast<std::uint64_t>(offset));
    }
  }
  return {};
}

Result<> make_directories(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    return {};
  }
  if (errno == EEXIST) {
    return {};
  }
  if (errno != ENOENT) {
    return fail_errno(errno, str_cat("cannot create directory ", path));
  }
  const std::string parent(dir_name(path));
  if (parent == path) {
    return fail_errno(ENOENT, str_cat("cannot create directory ", path));
  }
  TRY(make_directories(parent));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail_errno(errno, str_cat("cannot create directory ", path));
  }
  return {};
}

}  // namespace zc::os
