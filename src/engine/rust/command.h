// Command: which program runs, for which rustc, and where the words of the compile begin.
//
//   rustc …                     by itself, or through rustup ("rustc +nightly …")
//   clippy-driver rustc …       as cargo runs it
//   clippy-driver …
//   anything rustc …            a wrapper (RUSTC_WRAPPER, RUSTC_WORKSPACE_WRAPPER)
//   rustfmt …
//
// Thread: value; no state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/detect.h"
#include "os/file_system.h"
#include "wire/message.h"

namespace zc::engine::rust {

struct Command {
  std::string program;                 // path of what runs
  std::string compiler;                // path of the rustc that belongs to it
  std::optional<compiler::Tool> tool;  // nothing: `program` is a wrapper
  std::string chosen;                  // "+nightly"
  std::vector<std::string> words;      // of the compiler, without the chosen toolchain
  std::size_t words_at = 0;            // so many arguments of the user stand before them
};

// Nothing when it is no command of Rust. `fs` finds a rustc that a wrapper is given by name along
// PATH.
std::optional<Command> read_command(const wire::CompileRequest& request, const os::FileSystem& fs);

}  // namespace zc::engine::rust
