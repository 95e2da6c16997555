// Compile: a command of Emscripten that can be cached. It is as any declared command, but that the
// habits of its programs are known. A compile without a link whose words have clang write no
// directory is shared between directories, as one of clang's is.
//
// Thread: as CacheableCompile.
#pragma once

#include <memory>
#include <optional>

#include "engine/command/compile.h"

namespace zc::engine::emscripten {

struct Compile final : command::Compile {
  Compile(const Dependencies& ours, c::Drivers& known_drivers, ObjectScans& object_scans,
          const wire::CompileRequest& request)
      : command::Compile(ours, known_drivers, object_scans, request, {}) {}

  bool keeps_exit_code(int code) const override { return code == 0; }
  compiler::OrBypass<std::unique_ptr<InputRules>> rules_for(const Trace& trace) const override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override;
  std::optional<codec::Digest> repeated_part(const RunOutputs::Output& output) const override;

 private:
  compiler::OrBypass<bool> names_directory(const RunOutputs& outputs) const;
};

}  // namespace zc::engine::emscripten
