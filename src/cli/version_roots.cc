#include "cli/version_roots.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/path.h"
#include "base/version_order.h"
#include "os/directory.h"
#include "os/file_stamp.h"

namespace zc::cli {

std::vector<VersionRoot> version_roots(const std::string& top_root) {
  std::vector<VersionRoot> out;
  std::vector<std::string> names = os::names_in(top_root);
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const std::string path = join_path(top_root, name);
    const Result<os::FileStamp> stamp = os::stat_own_link(path);
    if (name.starts_with('v') && is_version(std::string_view(name).substr(1)) && stamp &&
        stamp->is_directory()) {
      out.push_back({.version = name.substr(1), .path = path});
    }
  }
  return out;
}

std::uint64_t bytes_below(const std::string& root) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(root, error), end; !error && at != end;
       at.increment(error)) {
    const Result<os::FileStamp> stamp = os::stat_link(at->path());
    if (stamp && stamp->is_regular()) {
      bytes += stamp->size_bytes;
    }
  }
  return bytes;
}

}  // namespace zc::cli
