#include "os/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <string_view>

#include "base/str.h"
#include "os/fd.h"
#include "os/file_stamp.h"

namespace zc::os {

Result<std::vector<std::string>> list_directory(const std::string& path) {
  return list_directory(kHere, path.c_str());
}

Result<std::vector<std::string>> list_directory(int at, const char* path) {
  Fd fd(::openat(at == kHere ? AT_FDCWD : at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR* dir = fd ? ::fdopendir(fd.get()) : nullptr;
  if (dir == nullptr) {
    return fail_errno(errno, str_cat("cannot list ", path));
  }
  (void)fd.release();
  std::vector<std::string> names;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone (readdir(3), NOTES)
  while (const dirent* entry = ::readdir(dir)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  ::closedir(dir);
  return names;
}

std::vector<std::string> names_in(const std::string& path) {
  return list_directory(path).value_or(std::vector<std::string>());
}

Result<DiskSpace> disk_space(const std::string& path) {
  struct statvfs vfs = {};
  if (::statvfs(path.c_str(), &vfs) != 0) {
    return fail_errno(errno, str_cat("cannot ask for the free space of ", path));
  }
  return DiskSpace{.total_bytes = std::uint64_t{vfs.f_blocks} * vfs.f_frsize,
                   .free_bytes = std::uint64_t{vfs.f_bavail} * vfs.f_frsize};
}

}  // namespace zc::os
