// RealPaths: what follows for other paths if no symlink lies on the way to some directories. Behind
// such a directory, ".." leads to the one that its path says.
//
// Thread: const once filled. No access to the disk: the comparison of a set makes sure that the
// directories are where their paths say.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace zc::engine {

class RealPaths {
 public:
  // An absolute path that is its own real path, and whether a directory is there.
  void add(std::string_view path, bool is_directory);

  // Whether `path` is a directory to which no symlink leads, for it is one of those, or on the way
  // to one.
  bool is_directory(std::string_view path) const;

  // The absolute path without dots, for what is at `path`. Nothing: where ".." leads is not known.
  std::optional<std::string> without_dots(std::string_view path) const;

 private:
  std::set<std::string, std::less<>> paths_;  // a slash behind those of directories
};

}  // namespace zc::engine
