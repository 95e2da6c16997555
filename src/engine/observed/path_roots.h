// PathRoots: directories that each request names for itself (where its libraries lie, where its
// checkout is), by names that all requests share. A path below one is written down relative to it,
// so that what one request has recorded can be looked up for another.
//
// That is right only for what the run found through the root. Libraries are an example: the
// compiler searches for them by name in the directories that a command names. Whatever else lies in
// such a directory was found in some other way, and is right only where the directory is the same
// one.
//
// A path belongs to the root with the longest directory. Directories are compared as text: another
// spelling of the same directory is another path, which costs a miss at worst.
//
// Thread: value. Ownership: what `keep` returns borrows a name from the PathRoots.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/inputs/rooted_path.h"

namespace zc::engine {

class PathRoots {
 public:
  // Whether a file of this name, directly in the root's directory, is found through the root.
  using IsFoundThrough = bool (*)(std::string_view name);

  struct Root {
    std::string name;
    std::string directory;                      // absolute, without a slash at the end
    IsFoundThrough is_found_through = nullptr;  // null: everything is, at any depth
  };

  // How the path of something that a run looked at is kept.
  struct Kept {
    RootedPath path;
    std::string_view bound_to;  // the root whose directory must be the same; empty: none
  };

  // A directory that is a root already, or "/", does not become another.
  void add(std::string name, std::string_view directory, IsFoundThrough is_found_through = nullptr);

  // Paths that a program spelled relative to `cwd` stay relative from now on: they are kept without
  // a root, and are against the working directory of each request.
  void keep_relative(std::string_view cwd);
  // How the observer begins such a path ("/cwd/./"); empty if none stays relative.
  const std::string& relative_prefix() const { return relative_prefix_; }

  // After `keep_relative`: where such a path leads is compared by the way from `cwd`, also if that
  // goes out of it ("../src"). For programs of which it is known when they show the place itself.
  void relate_outer_paths() { relates_outer_paths_ = true; }
  bool relates_outer_paths() const { return relates_outer_paths_; }

  // `path` relative to its root; itself when it is below none.
  RootedPath to_symbolic(std::string_view path) const;
  // The same if it was found through its root, else as it is.
  Kept keep(std::string_view path) const;
  // The reverse of `to_symbolic`. Nothing when there is no such root.
  std::optional<std::string> to_absolute(std::string_view root, std::string_view path) const;

  std::optional<std::string> directory_of(std::string_view name) const;
  const std::vector<Root>& all() const { return roots_; }

 private:
  const Root* root_of(std::string_view path) const;

  std::vector<Root> roots_;
  std::string relative_prefix_;
  bool relates_outer_paths_ = false;
};

}  // namespace zc::engine
