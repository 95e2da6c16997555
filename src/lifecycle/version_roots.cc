#include "lifecycle/version_roots.h"

#include <algorithm>
#include <string_view>

#include "base/path.h"
#include "base/version_order.h"
#include "os/directory.h"
#include "os/file_stamp.h"

namespace zc::lifecycle {

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

std::vector<VersionRoot> older_version_roots(const std::string& top_root,
                                             std::string_view version) {
  std::vector<VersionRoot> out = version_roots(top_root);
  std::erase_if(out, [&](const VersionRoot& root) {
    return compare_versions(root.version, version) != VersionOrder::kDaemonOlder;
  });
  std::ranges::sort(out, [](const VersionRoot& a, const VersionRoot& b) {
    return compare_versions(a.version, b.version) == VersionOrder::kDaemonNewer;
  });
  return out;
}

}  // namespace zc::lifecycle
