#include "engine/inputs/real_paths.h"

#include "base/str.h"

namespace zc::engine {

void RealPaths::add(std::string_view path, bool is_directory) {
  paths_.insert(is_directory ? str_cat(path, '/') : std::string(path));
}

bool RealPaths::is_directory(std::string_view path) const {
  const std::string below = str_cat(path, '/');
  const auto next = paths_.lower_bound(below);
  return next != paths_.end() && next->starts_with(below);
}

// A slash at the end says that a directory is there, so it may not be dropped.
std::optional<std::string> RealPaths::without_dots(std::string_view path) const {
  if (path.ends_with('/')) {
    return std::nullopt;
  }
  std::string out;
  for (const std::string_view part : split(path, '/')) {
    if (part == "..") {
      if (out.empty() || !is_directory(out)) {
        return std::nullopt;
      }
      out.erase(out.rfind('/'));
    } else if (!part.empty() && part != ".") {
      str_append(out, '/', part);
    }
  }
  return out.empty() || path.ends_with("/.") ? std::nullopt : std::optional(std::move(out));
}

}  // namespace zc::engine
