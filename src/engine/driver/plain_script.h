// Plain scripts: those that start one program with the words of their caller, and do nothing else.
// A link by such a compiler is one by the program that it starts; a script that does more may do
// anything with what an earlier link has left.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::engine::driver {

// `text`: of a script for a shell. True for comments, blank lines and one command, behind `exec` or
// by its path, of plain words, variables and "$@".
bool is_plain_script(std::string_view text);

}  // namespace zc::engine::driver
