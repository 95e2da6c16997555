#include "engine/rust/crate_links.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/path.h"
#include "engine/rust/crate_files.h"

namespace zc::engine::rust {

namespace {

bool is_crate_file(std::string_view path) {
  return !crate_stem(path).empty();
}

}  // namespace

std::set<std::string> open_as_spelled(const os::FileSystem& fs,
                                      const std::vector<CrateDirectory>& directories,
                                      Trace& trace) {
  std::unordered_map<std::string_view, std::int64_t> opened_ns;
  for (const PathAccess& seen : trace.accesses) {
    if (seen.opened && is_crate_file(seen.path)) {
      opened_ns.emplace(seen.path, seen.opened_ns);
    }
  }
  std::set<std::string> real_paths;
  for (PathAccess& seen : trace.accesses) {
    if (seen.opened || !seen.looked_at || !is_crate_file(seen.path)) {
      continue;
    }
    const Result<std::string> real = fs.real_path(std::string(seen.path));
    const auto opened = real ? opened_ns.find(*real) : opened_ns.end();
    if (opened == opened_ns.end()) {
      continue;
    }
    seen.opened = true;
    seen.opened_ns = opened->second;
    if (std::ranges::find(directories, dir_name(*real), &CrateDirectory::path) ==
        directories.end()) {
      real_paths.insert(*real);
    }
  }
  return real_paths;
}

}  // namespace zc::engine::rust
