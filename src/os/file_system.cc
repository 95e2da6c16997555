#include "os/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "base/str.h"

namespace zc::os {

namespace {

int stat_at(int at, const char* path, int flags, FileStamp& out) {
  struct stat st;
  if (::fstatat(at, path, &st, flags) != 0) {
    return errno;
  }
  out = stamp_of(st);
  return 0;
}

int base_of(DirectoryHandle at) {
  return at == FileSystem::kNoDirectory ? AT_FDCWD : at;
}

}  // namespace

int PosixFileSystem::stat(DirectoryHandle at, const char* path, FileStamp& out) const {
  return stat_at(base_of(at), path, 0, out);
}

int PosixFileSystem::stat_link(DirectoryHandle at, const char* path, FileStamp& out) const {
  return stat_at(base_of(at), path, AT_SYMLINK_NOFOLLOW, out);
}

int PosixFileSystem::stat_handle(DirectoryHandle directory, FileStamp& out) const {
  return stat_at(directory, "", AT_EMPTY_PATH, out);
}

int PosixFileSystem::open_directory(DirectoryHandle at, const char* path,
                                    DirectoryHandle& out) const {
  const int fd = ::openat(base_of(at), path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return errno;
  }
  out = fd;
  return 0;
}

void PosixFileSystem::close_directory(DirectoryHandle directory) const {
  ::close(directory);
}

Result<StableFile> PosixFileSystem::read(DirectoryHandle at, const char* path,
                                         std::uint64_t bytes_max) const {
  // O_NONBLOCK: a FIFO with no writer must not hang us; it is refused below.
  const Fd fd(::openat(base_of(at), path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    return fail_errno(errno, str_cat("cannot open ", path));
  }
  TRY_ASSIGN(const FileStamp before, stat_fd(fd.get()));
  if (!before.is_regular() || before.size_bytes > bytes_max) {
    return fail(Code::kInvalid, str_cat(path, " is not a plain file, or is too large"));
  }
  StableFile out;
  TRY_ASSIGN(out.bytes, read_fd(fd.get(), bytes_max));
  TRY_ASSIGN(out.stamp, stat_fd(fd.get()));
  if (!out.stamp.same_content_as(before) || out.bytes.size() != before.size_bytes) {
    return fail(Code::kUnavailable, str_cat(path, " changed while it was read"));
  }
  return out;
}

std::int64_t PosixFileSystem::now_ns() const {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace zc::os
