// Frontend: rustc and clippy-driver, alone or behind a wrapper, queries about them, and rustfmt.
//
//   claim   parse the words, identify the toolchain, name the roots, make the manifest key
//   learn   the inputs of a run from its dep-info, and from what it was seen to look at
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/frontend.h"
#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"
#include "engine/rust/toolchain.h"

namespace zc::engine::rust {

struct Command;
struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand(const Command& command, const wire::CompileRequest& request);
  CompileOrBypass claim_compile(const Command& command, std::unique_ptr<Compile> compile);
  CompileOrBypass claim_query(const Command& command, const wire::CompileRequest& request);
  compiler::OrBypass<> identify(const Command& command, const std::string& target,
                                ObservedCompile& compile);
  compiler::OrBypass<> make_key(const Command& command, Compile& compile);

  const Dependencies ours_;
  Toolchains toolchains_;
  ObjectScans scans_;
};

}  // namespace zc::engine::rust
