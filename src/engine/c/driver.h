// Drivers: the commands of gcc and clang, for each frontend that serves some of them. A driver is
// identified by what it is, and its words are read by the rules of its family.
//
// Thread: any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/c/invocation.h"
#include "engine/c/toolchain.h"
#include "engine/frontend.h"

namespace zc::engine::c {

struct DriverCommand {
  compiler::c::Invocation invocation;
  std::shared_ptr<const Toolchain> toolchain;
};

// What becomes of an old file where an output goes (measured with gcc 12, clang 14 and 19).
wire::OldFile old_file_of(compiler::c::OutputRole role, const compiler::c::Invocation& invocation);

class Drivers {
 public:
  // Borrows what `dependencies` does.
  explicit Drivers(const Dependencies& dependencies)
      : fs_(dependencies.fs),
        toolchains_(dependencies.fs, dependencies.files, dependencies.runner) {}

  // Reads the words of `request`, whose cwd `compile` holds open. Returns why the command cannot be
  // cached: a variable that is not modelled, a driver that cannot be identified, or the parser's
  // reason.
  compiler::OrBypass<DriverCommand> read(const wire::CompileRequest& request, bool is_cxx_driver,
                                         const CacheableCompile& compile);
  // The invocation alone, as a driver of `family` reads the words.
  compiler::OrBypass<compiler::c::Invocation> read_as(compiler::c::Family family,
                                                      const wire::CompileRequest& request,
                                                      bool is_cxx_driver,
                                                      const CacheableCompile& compile) const;

  // What the driver at `path`, an absolute path, is in the environment of `compile`; null: it
  // cannot be identified.
  std::shared_ptr<const Toolchain> driver_at(const std::string& path,
                                             const CacheableCompile& compile);

 private:
  compiler::OrBypass<std::shared_ptr<const Toolchain>> identify(
      const std::vector<std::string>& locating, const CacheableCompile& compile);

  const os::FileSystem& fs_;
  Toolchains toolchains_;
};

}  // namespace zc::engine::c
