// The caches of all versions below the top root: versions never share files.
//
// Thread: any. Errors: none; what cannot be examined does not count.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zc::cli {

struct VersionRoot {
  std::string version;  // "0.1.0"
  std::string path;
};

// The directories `v<version>` that belong to this user, in the order of their names.
std::vector<VersionRoot> version_roots(const std::string& top_root);

// Of the plain files below `root`, by their size.
std::uint64_t bytes_below(const std::string& root);

}  // namespace zc::cli
