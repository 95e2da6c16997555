#include "os/directory.h"

#include <dirent.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <string_view>

#include "base/str.h"

namespace zc::os {

Result<std::vector<std::string>> list_directory(const std::string& path) {
  DIR* dir = ::opendir(path.c_str());
  if (dir == nullptr) {
    return fail_errno(errno, str_cat("cannot list ", path));
  }
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
