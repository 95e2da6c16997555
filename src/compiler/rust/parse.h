// parse: turns the words of a rustc or clippy-driver command into an Invocation, or into the reason
// why the command runs untouched.
//
// The reader takes words as rustc does: argument files first, then long options with their value
// after '=' or in the next word, and letters that may be bundled ("-gO"). What an option means, its
// row in option_table.h says. A word that the table does not know is a Bypass: no command is half
// understood.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/response_file.h"
#include "compiler/rust/invocation.h"

namespace zc::compiler::rust {

// `args` are the words after the compiler's name; one that names rustc, which cargo puts first for
// clippy-driver, has been taken off, and so has a "+nightly", which is for rustup. Paths in the
// result are as spelled. Errors: kCalledForInformation for a query; else the first reason why the
// command is not understood.
OrBypass<Invocation> parse(std::span<const std::string> args, const ResponseFileReader& read_file);

// The words of an argument file: each line is one, also an empty line. Nothing unless the file is
// UTF-8 without a NUL.
std::optional<std::vector<std::string>> split_argument_file(std::string_view text);

}  // namespace zc::compiler::rust
