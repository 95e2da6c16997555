#include "engine/inputs/path_presence.h"

#include <cerrno>
#include <string>

#include "base/path.h"

namespace zc::engine {

SplitPath split_path(std::string_view path) {
  const bool strict = path.size() > 1 && path.ends_with('/');
  const std::string_view plain = strict ? path.substr(0, path.size() - 1) : path;
  const std::string_view name = base_name(plain);
  return {.directory = dir_name(plain), .name = path.substr(plain.size() - name.size())};
}

bool is_missing(int err) {
  return err == ENOENT || err == ENOTDIR;
}

Presence presence_of(const os::FileSystem& fs, os::DirectoryHandle at, std::string_view path) {
  const bool strict = path.ends_with('/');
  const std::string plain(strict ? path.substr(0, path.size() - 1) : path);
  os::FileStamp stamp;
  const int err = fs.stat_link(at, plain.c_str(), stamp);
  if (err == ENOENT || (err == 0 && !strict && stamp.is_directory())) {
    return Presence::kAbsent;
  }
  // What the symlink leads to may come in another directory, whose stamp is not compared.
  if (err == 0 && stamp.is_symlink()) {
    const int target_err = fs.stat(at, plain.c_str(), stamp);
    if (target_err == ENOENT || (target_err == 0 && !strict && stamp.is_directory())) {
      return Presence::kVolatile;
    }
  }
  return Presence::kPresent;
}

}  // namespace zc::engine
