#include "engine/inputs/open_directories.h"

#include "base/path.h"

namespace zc::engine {

int OpenDirectories::open(const std::string& path, bool is_real, os::DirectoryHandle& handle) {
  std::size_t shared = steps_.size();
  while (shared > 0 && !is_on_way_to(path, steps_[shared - 1])) {
    --shared;
  }
  leave(shared);
  // A way that may lead through symlinks is no part of one that may not.
  const bool is_resolved = shared > 0 && (!is_real || steps_.back().is_real);
  const os::DirectoryHandle from = is_resolved ? steps_.back().handle : here_;
  const char* const rest = path.c_str() + (is_resolved ? steps_.back().size + 1 : 0);
  const int err = is_real ? fs_.open_real_directory(from, rest, handle)
                          : fs_.open_directory(from, rest, handle);
  if (err == 0) {
    steps_.push_back({.size = path.size(), .is_real = is_real, .handle = handle});
    path_ = path;
  }
  return err;
}

// Behind two slashes the rest would be an absolute path.
bool OpenDirectories::is_on_way_to(std::string_view path, const Step& step) const {
  return path.size() > step.size + 1 && path[step.size] == '/' && path[step.size + 1] != '/' &&
         path.substr(0, step.size) == std::string_view(path_).substr(0, step.size);
}

void OpenDirectories::leave(std::size_t steps) {
  while (steps_.size() > steps) {
    fs_.close_directory(steps_.back().handle);
    steps_.pop_back();
  }
}

}  // namespace zc::engine
