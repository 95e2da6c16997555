// Becomes the real compiler, exactly as the user called it. Every error path of the client ends
// here.
//
// Thread: the client has one.
#pragma once

#include "client/find_compiler.h"

namespace zc::client {

// `argv` is the user's; argv[first] is the first argument after the compiler's name. Only returns
// when the compiler cannot be executed: then the exit code that a shell would give (126 or 127),
// after a message.
int passthrough(const FoundCompiler& compiler, char** argv, int first);

}  // namespace zc::client
