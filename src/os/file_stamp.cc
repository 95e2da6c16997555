#include "os/file_stamp.h"

#include <fcntl.h>
#include <sys/stat.h>
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
