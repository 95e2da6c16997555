#include "engine/observed/path_roots.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

void PathRoots::add(std::string name, std::string_view directory, IsFoundThrough is_found_through) {
  while (directory.ends_with('/')) {
    directory.remove_suffix(1);
  }
  const bool is_known = std::ranges::any_of(
      roots_, [&](const Root& root) { return std::string_view(root.directory) == directory; });
  if (!directory.empty() && !is_known) {
    roots_.push_back({.name = std::move(name),
                      .directory = std::string(directory),
                      .is_found_through = is_found_through});
  }
}

void PathRoots::keep_relative(std::string_view cwd) {
  relative_prefix_ = str_cat(cwd.ends_with('/') ? cwd.substr(0, cwd.size() - 1) : cwd, "/./");
}

const PathRoots::Root* PathRoots::root_of(std::string_view path) const {
  const Root* best = nullptr;
  for (const Root& root : roots_) {
    if (is_at_or_below(path, root.directory) &&
        (best == nullptr || root.directory.size() > best->directory.size())) {
      best = &root;
    }
  }
  return best;
}

RootedPath PathRoots::to_symbolic(std::string_view path) const {
  if (!relative_prefix_.empty() && path.starts_with(relative_prefix_)) {
    return {.root = {}, .path = std::string(path.substr(relative_prefix_.size()))};
  }
  const Root* root = root_of(path);
  return root == nullptr ? RootedPath{.root = {}, .path = std::string(path)}
                         : RootedPath{.root = root->name,
                                      .path = std::string(path.substr(root->directory.size()))};
}

// A root for libraries is searched for names of libraries, directly in its directory. A source that
// a build script generated there, say, was named by its path.
PathRoots::Kept PathRoots::keep(std::string_view path) const {
  const Root* root = root_of(path);
  const bool is_found_through_it =
      root == nullptr || root->is_found_through == nullptr || path == root->directory ||
      (dir_name(path) == root->directory && root->is_found_through(base_name(path)));
  return is_found_through_it
             ? Kept{.path = to_symbolic(path), .bound_to = {}}
             : Kept{.path = {.root = {}, .path = std::string(path)}, .bound_to = root->name};
}

std::optional<std::string> PathRoots::directory_of(std::string_view name) const {
  const auto it = std::ranges::find(roots_, name, &Root::name);
  return it == roots_.end() ? std::nullopt : std::optional(it->directory);
}

std::optional<std::string> PathRoots::to_absolute(std::string_view root,
                                                  std::string_view path) const {
  if (root.empty()) {
    return is_absolute(path) ? std::string(path) : str_cat(relative_prefix_, path);
  }
  std::optional<std::string> directory = directory_of(root);
  if (directory) {
    directory->append(path);
  }
  return directory;
}

}  // namespace zc::engine
