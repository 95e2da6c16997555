// Response files: "@file" words replaced by the words in that file.
//
// gcc and clang split these files alike, except in odd corners (a backslash inside single quotes,
// an empty word, a form feed, a byte order mark) and between versions. Everything on which any two
// of them differ is refused; so is a file that cannot be read, which compilers take literally.
//
// Thread: any; no state.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/bypass.h"

namespace zc::compiler {

// Returns the bytes of a file named relative to the working directory of the command. Nothing: it
// cannot be read, or is too large.
using ResponseFileReader = std::function<std::optional<std::string>(std::string_view path)>;

// The words of a response file, or nothing when compilers might disagree about them.
std::optional<std::vector<std::string>> split_response_file(std::string_view text);

// `args` with every "@file" replaced, also those inside response files. Errors:
// kUnsupportedResponseFile with the word: the file cannot be read or split with certainty, or there
// are too many.
OrBypass<std::vector<std::string>> expand_response_files(std::span<const std::string> args,
                                                         const ResponseFileReader& read_file);

}  // namespace zc::compiler
