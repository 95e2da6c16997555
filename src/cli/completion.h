// Scripts with which a shell completes the command line of zccache, from the table of commands.
//
// Behind a compiler's name, and where a command takes another command line, they hand over to what
// the shell knows of that one.
//
// Thread: any.
#pragma once

#include <string>

namespace zc::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace zc::cli
