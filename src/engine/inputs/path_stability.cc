#include "engine/inputs/path_stability.h"

#include "base/path.h"
#include "files/file_cache.h"

namespace zc::engine {

namespace {

constexpr int kLinksMax = 40;  // the kernel follows as many (path_resolution(7))

}  // namespace

// From the outermost directory to `path` itself. `links`: symlinks that led here.
bool MovedDirectories::are_on_way_to(std::string_view path, int links) {
  for (std::size_t end = path.find('/', 1); !path.empty(); end = path.find('/', end + 1)) {
    if (has_moved(std::string(path.substr(0, end)), links)) {
      return true;
    }
    if (end == std::string_view::npos) {
      break;
    }
  }
  return false;
}

// Looks at each step once: after one that has moved the run is given up, so all known ones have
// not. A step that is gone is no move; the check of the input itself finds that.
bool MovedDirectories::has_moved(const std::string& step, int links) {
  if (!known_.insert(step).second) {
    return false;
  }
  os::FileStamp stamp;
  if (fs_.stat_link(directory_, step.c_str(), stamp) != 0) {
    return false;
  }
  const bool is_new = files::last_change_ns(stamp) >= since_ns_;
  if (stamp.is_directory()) {
    return is_new && stamp.ctime_ns != stamp.mtime_ns;
  }
  if (!stamp.is_symlink()) {
    return false;
  }
  if (is_new || links == kLinksMax) {
    return true;
  }
  const Result<std::string> target = fs_.read_link(join_path(cwd_, step));
  // Descriptors are other files in the process that looks here.
  return !target || target->starts_with("/dev/fd") || target->starts_with("/proc/") ||
         are_on_way_to(join_path(dir_name(step), *target), links + 1);
}

}  // namespace zc::engine
