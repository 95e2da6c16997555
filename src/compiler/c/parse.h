// parse: turns the words of a gcc or clang command into an Invocation, or into the reason why the
// command runs untouched.
//
//   response files   are expanded in place
//   each word        is a source, or an option with a row in option_table.h; the row says whether
//                    the next word is its value, and what to do with it
//   the end          what follows only from the whole command: the source's language, the names of
//                    the outputs, whether names of directories get into the object
//
// A command with a word that the table does not know is kept word for word: its run is observed,
// what it leaves besides what is expected of it included.
//
// Thread: any; no state.
#pragma once

#include <span>
#include <string>

#include "compiler/bypass.h"
#include "compiler/c/invocation.h"
#include "compiler/response_file.h"

namespace zc::compiler::c {

// `args` are the words after the compiler's name. Paths in the result are as spelled; a default
// output is a bare name. Errors: the first reason why the command is not cached, the plainest one
// first (it preprocesses, it links).
OrBypass<Invocation> parse(Family family, bool is_cxx_driver, std::span<const std::string> args,
                           const ResponseFileReader& read_file);

// Whether a command that has no Invocation for this reason can be kept all the same, under its
// words, with what its run shows: it links, preprocesses, has several sources, or another language.
bool is_shown_by_run(Reason reason);

}  // namespace zc::compiler::c
