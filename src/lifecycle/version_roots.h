// The caches of all versions below the top root: versions never share files.
//
// Thread: any. Errors: none; what cannot be examined does not count.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zc::lifecycle {

struct VersionRoot {
  std::string version;  // "0.1.0"
  std::string path;
};

// The directories `v<version>` that belong to this user, in the order of their names.
std::vector<VersionRoot> version_roots(const std::string& top_root);

// Those of versions before `version`, the newest first.
std::vector<VersionRoot> older_version_roots(const std::string& top_root, std::string_view version);

}  // namespace zc::lifecycle
