// MovedDirectories: whether the way to a file led somewhere else during a run. A compile may have
// read `include/a.h` when `include` was another directory, or when a symlink on the way pointed
// elsewhere; the file that is there now can be old, so its own stamp shows nothing.
//
// A symlink that was turned is new, and so says its change time. A directory that was renamed has a
// new change time, but no new modification time; with a name made or removed in it both are the
// same. (A directory that was renamed, and then had a name made in it, looks like one that was
// not.)
//
// Thread: one per run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "files/file_cache.h"
#include "os/file_system.h"

namespace zc::engine {

// Whether a file or directory that was seen at `seen_ns`, on the clock of file timestamps, may have
// changed since under its stamp.
inline bool is_too_new(const os::FileStamp& stamp, std::int64_t seen_ns) {
  return files::last_change_ns(stamp) >= seen_ns;
}

class MovedDirectories {
 public:
  // Borrows all. Relative paths are against `cwd`, which `directory` is open at; `since_ns` is on
  // the clock of file timestamps.
  MovedDirectories(const os::FileSystem& fs, os::DirectoryHandle directory, std::string_view cwd,
                   std::int64_t since_ns)
      : fs_(fs), directory_(directory), cwd_(cwd), since_ns_(since_ns) {}

  // Whether a directory or symlink on the way to `path`, itself included, has moved since.
  bool are_on_way_to(std::string_view path) { return are_on_way_to(path, 0); }

 private:
  bool are_on_way_to(std::string_view path, int links);
  bool has_moved(const std::string& step, int links);

  const os::FileSystem& fs_;
  os::DirectoryHandle directory_;
  std::string_view cwd_;
  std::int64_t since_ns_;
  std::unordered_set<std::string> known_;  // paths that have not moved
};

}  // namespace zc::engine
