// DirectoryNames: what is in a directory, to find out about many names at once that they are not.
//
// Thread: const once made.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "os/file_system.h"

namespace zc::engine {

class DirectoryNames {
 public:
  // Nothing: to look at each of `count` names costs less; or it is not certain that the directory
  // lists all under which something can be found in it.
  // `stamp` is that of the directory.
  static std::optional<DirectoryNames> read(const os::FileSystem& fs, os::DirectoryHandle directory,
                                            const os::FileStamp& stamp, std::size_t count);

  // Whether there may be something of that name, with or without a slash at the end. If not, there
  // was nothing at the moment of the reading.
  bool may_have(std::string_view name) const;

 private:
  std::unordered_set<std::string> names_;  // in small letters
};

}  // namespace zc::engine
