#include "os/file_attributes.h"

#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>

#include <cerrno>

namespace zc::os {

namespace {

// `extended_bytes` as the kernel reports it; a file system without such attributes has none.
FileAttributes attributes_of(const struct stat& st, ssize_t extended_bytes) {
  return {.mode = st.st_mode,
          .user = st.st_uid,
          .group = st.st_gid,
          .names = static_cast<std::uint32_t>(st.st_nlink),
          .extended_bytes = extended_bytes < 0 ? 0 : extended_bytes};
}

}  // namespace

bool FileAttributes::is_regular() const {
  return S_ISREG(mode);
}

int attributes_at(const std::string& path, FileAttributes& out) {
  struct stat st;
  if (::lstat(path.c_str(), &st) != 0) {
    return errno;
  }
  out = attributes_of(st, ::llistxattr(path.c_str(), nullptr, 0));
  return 0;
}

int attributes_of_open(int fd, FileAttributes& out) {
  struct stat st;
  if (::fstat(fd, &st) != 0) {
    return errno;
  }
  out = attributes_of(st, ::flistxattr(fd, nullptr, 0));
  return 0;
}

}  // namespace zc::os
