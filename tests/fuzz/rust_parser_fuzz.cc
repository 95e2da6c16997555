// Command lines of rustc: lines are words.
#include <cstddef>
#include <cstdint>

#include "base/str.h"
#include "compiler/rust/parse.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::compiler;
  using namespace zc::compiler::rust;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> args;
  for (const std::string_view word : split(text, '\n')) {
    args.emplace_back(word);
  }
  const auto read_file = [&](std::string_view path) {
    return path == "r" ? std::optional<std::string>("-g\r\n--crate-name\nq\n@r") : std::nullopt;
  };
  const auto invocation = parse(args, read_file);
  if (!invocation) {
    return 0;
  }
  fuzz::require(!invocation->source.empty(), "there is a source");
  fuzz::require(!invocation->outputs.empty(), "there is an output");
  bool has_dep_info = false;
  for (const Output& output : invocation->outputs) {
    fuzz::require(!output.path.empty() && !output.emit.empty(), "an output has its names");
    has_dep_info |= output.role == Role::kDepInfo && output.path == invocation->dep_info;
  }
  fuzz::require(has_dep_info == invocation->dep_info.has_value(), "dep-info is an output");
  fuzz::require(!invocation->dep_targets.empty(), "a dep-info file has targets");

  // One word that is not understood spoils everything.
  std::vector<std::string> spoiled = {"-Zno-such-option"};
  spoiled.insert(spoiled.end(), args.begin(), args.end());
  fuzz::require(!parse(spoiled, read_file), "an unknown option is a bypass");
  return 0;
}
