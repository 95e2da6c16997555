// SearchPaths: where a compiler looks for headers with given arguments and environment, as the
// compiler itself prints it (`-E -v` on an empty source), once for each combination.
//
// An answer is remembered until one of its directories goes or one that was missing comes.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "base/result.h"
#include "codec/digest.h"
#include "compiler/c/invocation.h"
#include "compiler/c/search_path.h"
#include "engine/request_environment.h"
#include "engine/toolchain.h"
#include "os/command.h"
#include "os/file_system.h"

namespace zc::engine::c {

class SearchPaths {
 public:
  // Borrows both.
  SearchPaths(const os::FileSystem& fs, os::CommandRunner& runner) : fs_(&fs), runner_(&runner) {}

  // May run the compiler. Errors: kInvalid when it does not print what it should; those of the
  // runner.
  Result<std::shared_ptr<const compiler::c::SearchPath>> find(
      const std::string& tool, const Toolchain& toolchain,
      const compiler::c::Invocation& invocation, const RequestEnvironment& env,
      const std::string& cwd);

 private:
  static constexpr std::size_t kPathsMax = 1024;

  using Path = std::shared_ptr<const compiler::c::SearchPath>;

  Path recall(const codec::Digest& key);
  bool still_holds(const compiler::c::SearchPath& path, const std::string& cwd) const;

  const os::FileSystem* fs_;
  os::CommandRunner* runner_;
  Mutex mutex_;
  BoundedMap<codec::Digest, Path, codec::DigestHash> known_ ZC_GUARDED_BY(mutex_){kPathsMax};
};

}  // namespace zc::engine::c
