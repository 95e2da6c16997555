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

void Places::add(std::string name, std::string_view folder, Holds holds) {
  while (folder.ends_with('/')) {
    folder.remove_suffix(1);
  }
  const bool is_known = std::ranges::any_of(
      places_, [&](const Place& place) { return std::string_view(place.folder) == folder; });
  if (!folder.empty() && !is_known) {
    places_.push_back({.name = std::move(name), .folder = std::string(folder), .holds = holds});
  }
}

const Places::Place* Places::place_of(std::string_view path) const {
  const Place* best = nullptr;
  for (const Place& place : places_) {
    if (is_at_or_below(path, place.folder) &&
        (best == nullptr || place.folder.size() > best->folder.size())) {
      best = &place;
    }
  }
  return best;
}

std::string Places::general(std::string_view path) const {
  const Place* place = place_of(path);
  return place == nullptr ? std::string(path)
                          : str_cat(kPlaceMark, place->name, path.substr(place->folder.size()));
}

Places::Kept Places::keep(std::string_view path) const {
  const Place* place = place_of(path);
  const bool is_found_through_it = place == nullptr || place->holds == Holds::kAnything ||
                                   path == place->folder ||
                                   (place->holds == Holds::kLibraries &&
                                    dir_name(path) == place->folder && is_library(base_name(path)));
  return is_found_through_it ? Kept{.path = general(path), .bound_to = {}}
                             : Kept{.path = std::string(path), .bound_to = place->name};
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
