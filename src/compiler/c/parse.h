// parse: the words of a gcc or clang command become an Invocation, or the reason why the command is
// run untouched.
//
// Words are taken in order, response files expanded, values joined to their options. Whatever the
// option table does not know is a Bypass: nothing is half understood.
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
// output is a bare name.
OrBypass<Invocation> parse(Family family, bool is_cxx_driver, std::span<const std::string> args,
                           const ResponseFileReader& read_file);

}  // namespace zc::compiler::c
