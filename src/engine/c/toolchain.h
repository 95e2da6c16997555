// The toolchain of gcc and clang: driver, cc1, cc1plus, f951, as, the libraries of all of them,
// specs and configuration files, and the paths before them on the search path, which must stay
// empty.
//
// Found by what the driver prints (`--version`, `-print-prog-name=…`, `-print-search-dirs`;
// "Overall Options" and "Developer Options" in the gcc manual) and by the dynamic linker.
//
// Thread: any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/c/family.h"
#include "engine/toolchain.h"

namespace zc::engine::c {

class Toolchains {
 public:
  // Borrows all three.
  Toolchains(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner)
      : fs_(fs), files_(files), runner_(runner), cache_(fs) {}

  // `locating_args` are the arguments that move sub-programs (-B…). Errors: kInvalid when it is no
  // compiler we know (the message says why), kNotFound, kIo.
  Result<std::shared_ptr<const Toolchain>> identify(const ToolchainRequest& request,
                                                    const std::vector<std::string>& locating_args);

 private:
  const os::FileSystem& fs_;
  files::FileCache& files_;
  os::CommandRunner& runner_;
  ToolchainCache cache_;
};

// What an identified compiler is. `toolchain` is one that Toolchains has returned.
compiler::c::Family family_of(const Toolchain& toolchain);

}  // namespace zc::engine::c
