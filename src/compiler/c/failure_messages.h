// Failure messages: whether what a failed compile of gcc or clang printed is about its sources and
// the words of the command alone, so that the same ones fail again in the same way.
//
// A full disk, a lack of memory, a missing permission, a limit and a crash also end in exit code 1.
// So each line must be one that the compilers print for errors of sources (gcc 12, clang 14 and 19,
// in English); any other makes the answer no.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>

namespace zc::compiler::c {

// `printed` is the whole standard error, perhaps with colours and links.
bool are_about_sources(std::string_view printed);

// The same of a command that links, and perhaps compiles before: of its sources, or of what it
// links.
bool are_about_link(std::string_view printed);

// What compilers write in a terminal, without colours and links.
std::string without_styles(std::string_view text);

}  // namespace zc::compiler::c
