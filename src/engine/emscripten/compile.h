// Compile: a command of Emscripten that can be cached. It is as any declared command, but that the
// habits of its programs are known. A compile without a link whose words have clang write no
// directory is shared between directories, as one of clang's is.
//
// Thread: as CacheableCompile.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/command/compile.h"
#include "engine/observed/temporary_names.h"

namespace zc::engine::emscripten {

struct Compile final : command::Compile {
  Compile(const Dependencies& ours, c::Drivers& known_drivers, ObjectScans& object_scans,
          const wire::CompileRequest& request)
      : command::Compile(ours, known_drivers, object_scans, request, {}) {}

  // Where the command writes, in its directory or elsewhere, as spelled.
  std::vector<std::string> named_outputs;

  // Emscripten exits by this, if it is for what it was given.
  bool keeps_exit_code(int code) const override;
  compiler::OrBypass<std::vector<FurtherOutput>> find_outputs(const RunOutputs& outputs) override;
  compiler::OrBypass<std::unique_ptr<InputRules>> rules_for(const Trace& trace) const override;
  compiler::OrBypass<> take_messages(const RunOutputs& outputs) override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::string encode_messages(std::string_view err) const override;
  std::optional<std::string> decode_messages(std::string kept) const override;
  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override;
  std::optional<codec::Digest> repeated_part(const RunOutputs::Output& output) const override;

 private:
  compiler::OrBypass<InputList> learn_run(const RunOutputs& outputs);
  compiler::OrBypass<bool> names_directory(const RunOutputs& outputs) const;

  TemporaryNames temporary_;  // that the messages of the run name
};

}  // namespace zc::engine::emscripten
