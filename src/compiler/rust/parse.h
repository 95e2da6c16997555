// parse: the words of a rustc or clippy-driver command become an Invocation, or the reason
// why the command is run untouched.
//
// Words are taken as rustc takes them: argument files first, then long options with their value
// after '=' or in the next word, and letters that may be bundled ("-gO"). Whatever the option table
// does not know is a Bypass: nothing is half understood.
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
// result are as spelled.
OrBypass<Invocation> parse(std::span<const std::string> args, const ResponseFileReader& read_file);

// The words of an argument file: its lines, each a word however odd. Nothing unless it is UTF-8.
std::optional<std::vector<std::string>> split_argument_file(std::string_view text);

}  // namespace zc::compiler::rust
