// The words of a command as the journal shows them: with what its response files say, since these
// are often gone when a person reads it. Who searches it for a command spells that out alike.
//
// Thread: any.
#pragma once

#include <string>
#include <vector>

#include "wire/message.h"

namespace zc::history {

// The words behind the program, with those of its response files in their places. Nothing: there
// are none, or they cannot be told for certain, or they are very long; those of rustc are left as
// they are.
std::vector<std::string> spelled_out(const wire::CompileRequest& request);

}  // namespace zc::history
