// The stamp of an object for Windows (COFF): clang writes the time into it, unless it has /Brepro
// or -mno-incremental-linker-compatible. It asks for the time only for that, or for names of no
// interest, so an object of this form that comes with such a question is another one each time.
//
// Thread: any; no state.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine {

// Whether a file that begins so is an object of this form with a stamp other than 0.
bool has_coff_stamp(std::string_view beginning);

// `outputs` are absolute paths of what the run has left, while the client waits. Errors:
// kUnrepeatableInput.
compiler::OrBypass<> check_coff_stamps(const os::FileSystem& fs, const Trace& trace,
                                       const std::set<std::string>& outputs);
// The same of what the client has sent, which goes on.
compiler::OrBypass<> check_coff_stamps(const Trace& trace, const RunOutputs& outputs);

}  // namespace zc::engine
