// Directories: what is in one, whether one is private, how much space is left.
//
// Thread: any.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace zc::os {

// Names without "." and "..", as readdir tells them. Errors: kNotFound, kIo.
Result<std::vector<std::string>> list_directory(const std::string& path);

// Makes `path` (and its parents) if missing, and makes sure that nobody but `uid` can put a socket
// or a file there: a directory of another owner, or one that others may write, is refused; one that
// others may only read is closed to them. Errors: kInvalid with a message that says what to do.
Result<> ensure_private_directory(const std::string& path, uid_t uid);

struct DiskSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  // for this user
};
// Of the file system that holds `path`.
Result<DiskSpace> disk_space(const std::string& path);

}  // namespace zc::os
