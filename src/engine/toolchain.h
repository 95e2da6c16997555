// Toolchain: what a compiler really is. The driver the user names is the smallest part: its bytes,
// those of the programs it runs (cc1, cc1plus, as), of the libraries all of them load, and of the
// configuration files they read, together are the identity that enters every key.
//
// A compiler is probed once (`--version`, `-print-prog-name=…`, the dynamic linker's own list of
// libraries) and remembered; on each request all of its files are compared by identity, and any
// difference means that it is probed anew.
//
// Thread: any. One probe runs at a time.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "codec/digest.h"
#include "compiler/invocation.h"
#include "engine/request_environment.h"
#include "files/file_cache.h"
#include "os/command.h"
#include "os/file_system.h"

namespace zc::engine {

using codec::Digest;

struct ToolchainFile {
  std::string path;
  bool present = true;  // false: a configuration file that must stay absent
  os::FileStamp stamp;
};

struct Toolchain {
  compiler::Family family = compiler::Family::kGcc;
  Digest identity;
  std::string version;  // first line of --version, for people
  std::vector<ToolchainFile> files;
};

class ToolchainCache {
 public:
  // Borrows all three.
  ToolchainCache(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner)
      : fs_(&fs), files_(&files), runner_(&runner) {}

  // `tool` is an absolute path. `locating_args` are the arguments that move sub-programs (-B…).
  // A probe takes a while: before each of its steps `on_progress` is called.
  // Errors: kInvalid when it is no compiler we know (the message says why), kNotFound, kIo.
  Result<std::shared_ptr<const Toolchain>> identify(const std::string& tool,
                                                    const std::vector<std::string>& locating_args,
                                                    const RequestEnvironment& env,
                                                    const std::string& cwd,
                                                    const std::function<void()>& on_progress);

 private:
  class ProbeTurn;

  bool still_holds(const Toolchain& toolchain) const;
  std::shared_ptr<const Toolchain> recall(const std::string& memo);
  void remember(std::string memo, std::shared_ptr<const Toolchain> toolchain);

  const os::FileSystem* fs_;
  files::FileCache* files_;
  os::CommandRunner* runner_;
  std::mutex mutex_;  // guards the rest; not held during a probe
  bool probing_ = false;
  std::condition_variable probe_ended_;
  std::unordered_map<std::string, std::shared_ptr<const Toolchain>> known_;
};

}  // namespace zc::engine
