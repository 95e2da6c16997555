// Directories: what is in one, how much space is left.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace zc::os {

// Names without "." and "..", in the order of readdir, which differs between file systems. Errors:
// kNotFound, kIo.
Result<std::vector<std::string>> list_directory(const std::string& path);
// A relative path is against `at`, an open directory or kHere.
Result<std::vector<std::string>> list_directory(int at, const char* path);

// The same where a directory that cannot be listed is as good as an empty one.
std::vector<std::string> names_in(const std::string& path);

struct DiskSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  // for this user
};
// Of the file system that holds `path`, without the blocks that only root may use. Errors:
// kNotFound, kIo.
Result<DiskSpace> disk_space(const std::string& path);

}  // namespace zc::os
