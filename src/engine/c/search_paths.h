// SearchPaths: where a compiler looks for headers with given arguments and environment, asked from
// the compiler itself (`-E -v` on nothing) once for each combination.
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

  // Errors: kInvalid when the compiler does not answer as it should.
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
