#include "engine/observed/missing_names.h"

#include <string>

#include "base/path.h"

namespace zc::engine {

MissingNames::MissingNames(const os::FileSystem& fs, const std::vector<PathAccess>& accesses)
    : fs_(fs) {
  for (const PathAccess& seen : accesses) {
    if (seen.missing) {
      ++directories_[dir_name(seen.path)].missing;
    }
  }
}

bool MissingNames::is_gone(std::string_view path) {
  const std::string_view name = dir_name(path);
  Directory& directory = directories_[name];
  if (!directory.is_read) {
    directory.is_read = true;
    os::OpenDirectory opened(fs_);
    os::FileStamp stamp;
    if (opened.open(os::FileSystem::kNoDirectory, std::string(name).c_str()) == 0 &&
        fs_.stat_handle(opened.handle(), stamp) == 0) {
      directory.names = DirectoryNames::read(fs_, opened.handle(), stamp, directory.missing);
    }
  }
  return directory.names && !path.ends_with('/') && !directory.names->may_have(base_name(path));
}

}  // namespace zc::engine
