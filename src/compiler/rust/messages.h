// Messages of a rustc that reports which files it wrote (--json=artifacts), split so that they can
// be printed for another command whose outputs lie elsewhere.
//
// A line is an artifact notification only if it is byte for byte what artifact_line makes of an
// output of the command; all other text is kept as it is. So joining the parts for the same outputs
// always gives the text back.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/rust/invocation.h"

namespace zc::compiler::rust {

struct MessagePart {
  bool is_artifact = false;
  Role role = Role::kProgram;  // of the output, when it is an artifact
  std::string emit;            // likewise
  std::string_view text;       // otherwise: any number of lines with their ends
};

// The line with its end. `path` is UTF-8, as all words of rustc are.
std::string artifact_line(std::string_view path, std::string_view emit);

// No two parts that are not artifacts stand side by side, and none is empty. They point into
// `text`.
std::vector<MessagePart> split_messages(std::string_view text, std::span<const Output> outputs);

// Nothing when `outputs` lacks one that a part names.
std::optional<std::string> join_messages(std::span<const MessagePart> parts,
                                         std::span<const Output> outputs);

// As bytes to be kept: for an artifact "A<role> <emit>\n", for other text "T<length>\n" and the
// text.
std::string pack_messages(std::span<const MessagePart> parts);
// The parts point into `packed`. Nothing when it is not what pack_messages makes.
std::optional<std::vector<MessagePart>> unpack_messages(std::string_view packed);

}  // namespace zc::compiler::rust
