#include "engine/places.h"

#include <algorithm>

#include "base/str.h"
#include "engine/surroundings.h"

namespace zc::engine {

void Places::add(std::string name, std::string_view folder) {
  while (folder.ends_with('/')) {
    folder.remove_suffix(1);
  }
  const bool is_known = std::ranges::any_of(
      places_, [&](const Place& place) { return std::string_view(place.folder) == folder; });
  if (!folder.empty() && !is_known) {
    places_.push_back({.name = std::move(name), .folder = std::string(folder)});
  }
}

std::string Places::general(std::string_view path) const {
  const Place* best = nullptr;
  for (const Place& place : places_) {
    const std::string_view folder = place.folder;
    const bool contains =
        path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
    if (contains && (best == nullptr || folder.size() > best->folder.size())) {
      best = &place;
    }
  }
  return best == nullptr ? std::string(path)
                         : str_cat(kPlaceMark, best->name, path.substr(best->folder.size()));
}

std::optional<std::string> Places::folder_of(std::string_view name) const {
  const auto it = std::ranges::find(places_, name, &Place::name);
  return it == places_.end() ? std::nullopt : std::optional(it->folder);
}

std::optional<std::string> Places::specific(std::string_view path) const {
  if (!path.starts_with(kPlaceMark)) {
    return std::string(path);
  }
  path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find('/'));
  std::optional<std::string> folder = folder_of(name);
  if (folder) {
    folder->append(path.substr(name.size()));
  }
  return folder;
}

}  // namespace zc::engine
