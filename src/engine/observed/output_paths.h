// OutputPaths: the paths that a command's outputs have, as the command spells them and without
// symlinks. What a run does there is its purpose: neither an input nor a side effect.
//
// Thread: const.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "engine/observed/compile.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine {

class OutputPaths : public OwnPaths {
 public:
  // After the run: the directories of the outputs exist by now.
  OutputPaths(const ObservedCompile& compile, const os::FileSystem& fs);

  Kind kind_of(std::string_view path) const override;

 private:
  std::set<std::string, std::less<>> outputs_;
};

// `path` with the symlinks in its directory resolved; the file itself may be missing.
std::string path_without_links(const os::FileSystem& fs, const std::string& path);

}  // namespace zc::engine
