#include "os/directory.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <string_view>

#include "base/str.h"
#include "os/file.h"

namespace zc::os {

namespace {

std::uint64_t number_of(uid_t uid) {
  return uid;
}

}  // namespace

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

Result<> ensure_private_directory(const std::string& path, uid_t uid) {
  TRY(make_directories(path));
  struct stat link = {};
  struct stat target = {};
  if (::lstat(path.c_str(), &link) != 0 || ::stat(path.c_str(), &target) != 0) {
    return fail_errno(errno, str_cat("cannot stat ", path));
  }
  if (!S_ISDIR(target.st_mode)) {
    return fail(Code::kInvalid, str_cat(path, " is not a directory"));
  }
  const bool planted = S_ISLNK(link.st_mode) && link.st_uid != uid && link.st_uid != 0;
  if (target.st_uid != uid || planted) {
    return fail(Code::kInvalid,
                str_cat(path, " belongs to user ", number_of(target.st_uid), ", not to user ",
                        number_of(uid), "; remove it or set ZCCACHE_CACHE_DIR"));
  }
  if ((target.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(Code::kInvalid, str_cat("others may write to ", path, "; run: chmod 700 ", path));
  }
  if ((target.st_mode & (S_IRWXG | S_IRWXO)) != 0 && ::chmod(path.c_str(), 0700) != 0) {
    return fail_errno(errno, str_cat("cannot close ", path, " to others"));
  }
  return {};
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
