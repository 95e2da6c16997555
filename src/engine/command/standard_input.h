// Standard input of a command, where it can be an input: nothing comes from there, or a plain file
// from its beginning.
//
// Thread: any; no state.
#pragma once

#include <string>

#include "compiler/bypass.h"
#include "os/file_system.h"
#include "wire/message.h"

namespace zc::engine::command {

// The absolute path of the file; empty: nothing comes. Errors: kStandardInput.
compiler::OrBypass<std::string> find_standard_input(const os::FileSystem& fs,
                                                    const wire::CompileRequest& request);

}  // namespace zc::engine::command
