// What to say of a word that is neither a command of zccache nor a compiler that can be found.
//
// Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace zc::cli {

struct Advice {
  std::string text;  // a message for people, without its line's end
  int exit_code = 0;
};

// A command may be mistyped; an option may be one of another cache, or that of a compiler.
Advice advise_on(std::string_view word);

// What the client has not found on PATH: a compiler that is not there, or a mistyped command.
Advice advise_on_missing(std::string_view word);

}  // namespace zc::cli
