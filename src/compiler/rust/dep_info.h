// Dep-info: reading the .d file that rustc wrote, and writing byte for byte what it would have
// written.
//
// The format, as seen in rustc 1.63, 1.85 and 1.95: one rule for each output, in an order that
// changed with the version, each followed by an empty line; a rule without prerequisites for each
// input; then, if the source read variables, an empty line and a comment for each. Blanks in inputs
// are escaped, everything else and the targets stand as they are; line breaks and backslashes of
// variables are escaped. The reader accepts a text only if the writer gives it back.
//
// The format is ambiguous twice: a variable whose name holds '=' reads like one with a value, and
// rustc writes a value that is not UTF-8 like a variable that was not set.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zc::compiler::rust {

struct EnvDep {
  std::string name;
  std::optional<std::string> value;  // nothing: it was not set
};

struct DepInfo {
  std::vector<std::string> targets;
  std::vector<std::string> files;  // in order; the first is not always the source
  std::vector<EnvDep> env;
};

// Nothing when `text` is not what rustc writes, also when it names no file. A result is then not
// stored: its depfile could not be made for another command.
std::optional<DepInfo> parse_dep_info(std::string_view text);

std::string write_dep_info(const DepInfo& info);

}  // namespace zc::compiler::rust
