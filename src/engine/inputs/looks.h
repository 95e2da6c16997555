// Looks: what one look-up has seen at absolute paths. The facts of a set and its groups of absences
// come to the same directories and programs; each path is looked at once, so that all are compared
// at one moment.
//
// Thread: one; belongs to one look-up.
#pragma once

#include <string>
#include <unordered_map>

#include "base/result.h"
#include "os/file_system.h"

namespace zc::engine {

class Looks {
 public:
  // As FileSystem::stat. `path` is absolute; `fs` is the same each time.
  int stat(const os::FileSystem& fs, const std::string& path, os::FileStamp& out) {
    const auto [it, is_new] = by_path_.try_emplace(path);
    Look& look = it->second;
    if (is_new) {
      look.err = fs.stat(os::FileSystem::kNoDirectory, path.c_str(), look.stamp);
    }
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
  struct Look {
    int err = 0;
    os::FileStamp stamp;
  };
  std::unordered_map<std::string, Look> by_path_;
  std::unordered_map<std::string, Result<std::string>> real_paths_;
};

}  // namespace zc::engine
