// MissingNames: which paths that a run looked for in vain are certainly still missing, by the names
// in their directories. A search path of many directories makes most of what a run looks at.
//
// Thread: one run's. Ownership: borrows the file system and the paths.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/inputs/directory_names.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine {

class MissingNames {
 public:
  MissingNames(const os::FileSystem& fs, const std::vector<PathAccess>& accesses);

  // Whether the directory of `path` is there, and nothing of that name in it. False: look at it.
  bool is_gone(std::string_view path);

 private:
  struct Directory {
    std::size_t missing = 0;  // names that were looked for in vain
    bool is_read = false;
    std::optional<DirectoryNames> names;
  };

  const os::FileSystem& fs_;
  std::unordered_map<std::string_view, Directory> directories_;
};

}  // namespace zc::engine
