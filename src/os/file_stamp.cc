#include "os/file_stamp.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/str.h"
#include "os/clock.h"

namespace zc::os {

namespace {

static_assert(FileStamp::kRegular == S_IFREG && FileStamp::kDirectory == S_IFDIR &&
              FileStamp::kSymlink == S_IFLNK && FileStamp::kSocket == S_IFSOCK);

std::int64_t ns_of(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kSecondNs + time.tv_nsec;
}

FileStamp stamp_of(const struct stat& st) {
  return {.dev = st.st_dev,
          .ino = st.st_ino,
          .size_bytes = static_cast<std::uint64_t>(st.st_size),
          .mtime_ns = ns_of(st.st_mtim),
          .ctime_ns = ns_of(st.st_ctim),
          .mode = st.st_mode,
          .names = static_cast<std::uint32_t>(st.st_nlink)};
}

// The answer of statx(2), as far as we need it: not every C library has the function.
struct StatxTime {
  std::int64_t seconds;
  std::uint32_t ns;
  std::int32_t padding;

  std::int64_t in_ns() const { return seconds * kSecondNs + ns; }
};
struct StatxDetails {
  std::uint32_t mask;
  std::uint32_t not_asked_for[4];
  std::uint32_t user;
  std::uint32_t group;
  unsigned char kind_and_sizes[36];
  StatxTime read;
  StatxTime born;
  unsigned char the_rest[160];
};
static_assert(sizeof(StatxDetails) == 256);
constexpr unsigned int kStatxDetails = 0x0008 | 0x0010 | 0x0020 | 0x0800;  // UID, GID, ATIME, BTIME
constexpr unsigned int kStatxBorn = 0x0800;

Result<FileStamp> stat_by_name(const std::string& path, LastLink link) {
  FileStamp out;
  if (const int err = stamp_at(kHere, path.c_str(), link, out); err != 0) {
    return fail_errno(err, str_cat("cannot stat ", path));
  }
  return out;
}

}  // namespace

int stamp_at(int directory, const char* path, LastLink link, FileStamp& out) {
  struct stat st;
  const int at = directory == kHere ? AT_FDCWD : directory;
  if (::fstatat(at, path, &st, link == LastLink::kFollow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
    return errno;
  }
  out = stamp_of(st);
  return 0;
}

int stamp_of_open(int fd, FileStamp& out) {
  struct stat st;
  if (::fstat(fd, &st) != 0) {
    return errno;
  }
  out = stamp_of(st);
  return 0;
}

int details_at(const char* path, LastLink link, FileDetails& out) {
  StatxDetails found = {};
  const int flags = link == LastLink::kFollow ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::syscall(SYS_statx, AT_FDCWD, path, flags, kStatxDetails, &found) != 0) {
    return errno;
  }
  out = {.born_ns = (found.mask & kStatxBorn) != 0 ? found.born.in_ns() : 0,
         .read_ns = found.read.in_ns(),
         .user = found.user,
         .group = found.group};
  return 0;
}

Result<FileStamp> stat_path(const std::string& path) {
  return stat_by_name(path, LastLink::kFollow);
}

Result<FileStamp> stat_fd(int fd) {
  FileStamp out;
  if (const int err = stamp_of_open(fd, out); err != 0) {
    return fail_errno(err, "cannot stat an open file");
  }
  return out;
}

Result<FileStamp> stat_link(const std::string& path) {
  return stat_by_name(path, LastLink::kStay);
}

Result<FileStamp> stat_own_link(const std::string& path) {
  struct stat st;
  if (::lstat(path.c_str(), &st) != 0) {
    return fail_errno(errno, str_cat("cannot stat ", path));
  }
  if (st.st_uid != ::geteuid()) {
    return fail(Code::kInvalid, str_cat(path, " belongs to another user"));
  }
  return stamp_of(st);
}

}  // namespace zc::os
