// The key of a command of which nothing is known: its words, its directory, and what is declared.
//
// Thread: any; no state.
#pragma once

#include <string_view>

#include "codec/digest.h"
#include "compiler/bypass.h"
#include "engine/command/compile.h"
#include "engine/frontend.h"

namespace zc::engine::command {

// `frontend` is part of it, as are the host's processor, the name of the machine and its kernel.
// Errors: kNoInputFile, kUnreadableInput.
compiler::OrBypass<codec::Key> key_of(std::string_view frontend, const Dependencies& ours,
                                      const Compile& compile, const wire::CompileRequest& request);

}  // namespace zc::engine::command
