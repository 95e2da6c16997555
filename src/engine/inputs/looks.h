// Looks: what one look-up has seen at absolute paths. The facts of a set and its groups of absences
// come to the same directories and programs; each path is looked at once, so that all are compared
// at one moment.
//
// Thread: one; belongs to one look-up.
#pragma once

#include <cerrno>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "os/file_system.h"

namespace zc::engine {

// What stat gives for a path.
struct Look {
  int err = 0;
  os::FileStamp stamp;
};

struct PathHash {
  // NOLINTNEXTLINE(readability-identifier-naming): the map looks for this name.
  using is_transparent = void;
  std::size_t operator()(std::string_view path) const {
    return std::hash<std::string_view>()(path);
  }
};
using LooksByPath = std::unordered_map<std::string, Look, PathHash, std::equal_to<>>;

class Looks {
 public:
  // `known`, which may be null: looks that the request has made before, for other reasons. Borrows
  // it.
  explicit Looks(const LooksByPath* known = nullptr) : known_(known) {}

  // As FileSystem::stat. `path` is absolute; `fs` is the same each time.
  int stat(const os::FileSystem& fs, std::string_view path, os::FileStamp& out) {
    const Look& look = find(fs, path);
    out = look.stamp;
    return look.err;
  }

  // As FileSystem::real_path.
  const Result<std::string>& real_path(const os::FileSystem& fs, const std::string& path) {
    const auto it = real_paths_.find(path);
    return it != real_paths_.end() ? it->second
                                   : real_paths_.emplace(path, fs.real_path(path)).first->second;
  }

 private:
  const Look& find(const os::FileSystem& fs, std::string_view path) {
    if (known_ != nullptr) {
      if (const auto it = known_->find(path); it != known_->end()) {
        return it->second;
      }
    }
    if (const auto it = looks_.find(path); it != looks_.end()) {
      return it->second;
    }
    const auto made = looks_.emplace(path, Look()).first;
    Look& look = made->second;
    look.err = fs.stat(os::FileSystem::kNoDirectory, made->first.c_str(), look.stamp);
    return look;
  }

  const LooksByPath* known_;
  LooksByPath looks_;
  std::unordered_map<std::string, Result<std::string>> real_paths_;
};

}  // namespace zc::engine
