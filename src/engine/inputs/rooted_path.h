// RootedPath: a path that may be relative to a root, a directory that each request names for itself
// (observed/path_roots.h).
//
// Thread: value.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "codec/digest.h"

namespace zc::engine {

struct RootedPath {
  std::string root;  // empty: none
  std::string path;  // with a root, what follows its directory: "", or a slash and more

  auto operator<=>(const RootedPath&) const = default;
};

// Adds both parts to a key, under a name. The root counts by its name: where its directory is does
// not matter to the key.
inline void add_path(codec::KeyHasher& key, std::string_view name, const RootedPath& path) {
  key.field("root", path.root);
  key.field(name, path.path);
}

}  // namespace zc::engine
