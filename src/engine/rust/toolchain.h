// The toolchain of rustc: the program, librustc_driver and LLVM behind it, and the libraries of the
// host and of the target. Of clippy-driver, a wrapper or rustfmt, the program that is run as well.
//
// The program on PATH may be rustup's, which runs another one that depends on the directory, the
// environment and files ("Overrides" in the rustup book). The probe runs it to find out which, and
// the answer holds while those are what they were.
//
// Thread: any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/toolchain.h"

namespace zc::engine::rust {

struct RustTool {
  std::string path;      // of the program that is run
  std::string compiler;  // the rustc that belongs to it; often itself
  std::string chosen;    // "+nightly", for rustup; or empty
  std::string target;    // other than the host, or empty
};

class Toolchains {
 public:
  // Borrows all three.
  Toolchains(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner)
      : fs_(fs), files_(files), runner_(runner), cache_(fs) {}

  // `request.tool` is `tool.path`. Runs rustc twice if the toolchain is not remembered. Errors:
  // kInvalid when it is no toolchain we understand (the message says why), kNotFound, kIo.
  Result<std::shared_ptr<const Toolchain>> identify(const ToolchainRequest& request,
                                                    const RustTool& tool);

 private:
  const os::FileSystem& fs_;
  files::FileCache& files_;
  os::CommandRunner& runner_;
  ToolchainCache cache_;
};

}  // namespace zc::engine::rust
