// Depfiles: reading what a compiler wrote, and writing byte for byte what it would have written.
//
// A stored result answers commands whose depfile has another name, other targets or -MP, so
// depfiles are generated, never replayed. The formats are those of gcc 12, clang 14 and clang 19:
// quoting, line breaks and empty lines included. The reader accepts a text only if the writer gives
// it back.
//
// clang writes a backslash in a path as a slash: such a path cannot be read back.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/c/invocation.h"

namespace zc::compiler::c {

// `text` as one word of a rule, as -MQ does it.
std::string quote_for_make(std::string_view text);

// The prerequisites in order, unquoted; the first is the source. Nothing when `text` is not what
// the compiler writes for `request`, byte for byte; then the result is not stored.
std::optional<std::vector<std::string>> parse_depfile(std::string_view text,
                                                      const DepRequest& request, Family family);

// `deps` as parse_depfile returns them. With -MP each of them but the source gets a rule of its
// own.
std::string write_depfile(const DepRequest& request, std::span<const std::string_view> deps,
                          Family family);
std::string write_depfile(const DepRequest& request, std::span<const std::string> deps,
                          Family family);

}  // namespace zc::compiler::c
