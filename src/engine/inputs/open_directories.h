// OpenDirectories: the directories on the way to the one that a look-up compares now, held open.
// Groups are compared in the order of their paths, so most directories lie below the one before:
// the way to that one is not resolved again.
//
// Thread: one; belongs to the comparison of one set.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "os/file_system.h"

namespace zc::engine {

class OpenDirectories {
 public:
  // Borrows the file system. Relative paths are against `here`.
  OpenDirectories(const os::FileSystem& fs, os::DirectoryHandle here) : fs_(fs), here_(here) {}
  OpenDirectories(const OpenDirectories&) = delete;
  ~OpenDirectories() { leave(0); }

  // Opens the directory at `path`; `handle` is valid until the next call. `is_real`: no symlink may
  // lie on the way to it, which is absolute then. Returns 0 or an errno value.
  int open(const std::string& path, bool is_real, os::DirectoryHandle& handle);

 private:
  struct Step {
    std::size_t size = 0;  // of its path, which is the beginning of `path_`
    bool is_real = false;
    os::DirectoryHandle handle = os::FileSystem::kNoDirectory;
  };

  bool is_on_way_to(std::string_view path, const Step& step) const;
  void leave(std::size_t steps);

  const os::FileSystem& fs_;
  const os::DirectoryHandle here_;
  std::vector<Step> steps_;  // each below the one before
  std::string path_;         // of the last step
};

}  // namespace zc::engine
