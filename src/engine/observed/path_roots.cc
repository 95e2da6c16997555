#include "engine/observed/path_roots.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/request_context.h"

namespace zc::engine {

bool is_library(std::string_view name) {
  return name.starts_with("lib") &&
         (name.ends_with(".rlib") || name.ends_with(".rmeta") || name.ends_with(".a") ||
          name.ends_with(".so") || name.contains(".so."));
}

void PathRoots::add(std::string name, std::string_view directory, Holds holds) {
  while (directory.ends_with('/')) {
    directory.remove_suffix(1);
  }
  const bool is_known = std::ranges::any_of(
      roots_, [&](const Root& root) { return std::string_view(root.directory) == directory; });
  if (!directory.empty() && !is_known) {
    roots_.push_back(
        {.name = std::move(name), .directory = std::string(directory), .holds = holds});
  }
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

std::string PathRoots::to_symbolic(std::string_view path) const {
  const Root* root = root_of(path);
  return root == nullptr ? std::string(path)
                         : str_cat(kPlaceMark, root->name, path.substr(root->directory.size()));
}

PathRoots::Kept PathRoots::keep(std::string_view path) const {
  const Root* root = root_of(path);
  const bool is_found_through_it =
      root == nullptr || root->holds == Holds::kAnything || path == root->directory ||
      (root->holds == Holds::kLibraries && dir_name(path) == root->directory &&
       is_library(base_name(path)));
  return is_found_through_it ? Kept{.path = to_symbolic(path), .bound_to = {}}
                             : Kept{.path = std::string(path), .bound_to = root->name};
}

std::optional<std::string> PathRoots::directory_of(std::string_view name) const {
  const auto it = std::ranges::find(roots_, name, &Root::name);
  return it == roots_.end() ? std::nullopt : std::optional(it->directory);
}

std::optional<std::string> PathRoots::to_absolute(std::string_view path) const {
  if (!path.starts_with(kPlaceMark)) {
    return std::string(path);
  }
  path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find('/'));
  std::optional<std::string> directory = directory_of(name);
  if (directory) {
    directory->append(path.substr(name.size()));
  }
  return directory;
}

}  // namespace zc::engine
