// Frontend: Emscripten's compiler and its tools: emcc, em++, emar and emranlib, compiles and links
// alike. They are scripts that start python, node, clang, wasm-ld and binaryen. Their words, the
// directory and what a run was seen to do are all that is known of a command, as for any declared
// one (engine/command); what python and node do in each run, and make nothing of, habits.h names.
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>

#include "engine/c/driver.h"
#include "engine/emscripten/compile.h"
#include "engine/frontend.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::emscripten {

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  bool is_shared(const wire::CompileRequest& request, const Compile& compile) const;
  CompileOrBypass understand(const wire::CompileRequest& request, std::unique_ptr<Compile> compile);

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
};

}  // namespace zc::engine::emscripten
