// What a daemon leaves behind when it crashes: a text file in Locations::crashes() with the signal,
// the build, the thread and its stack. No variables, no memory, no command lines. `zccache crashes`
// lists the files.
//
// A frame of the stack is a program and an offset; `addr2line -e zccache-daemon <offset>` resolves
// it for a program of the same build.
//
// Thread: called before any other thread starts; the handler runs in the thread that failed, and
// only does what a signal handler may do.
#pragma once

#include <string_view>

#include "base/result.h"
#include "lifecycle/locations.h"

namespace zc::daemon {

// From now on SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL leave a dump before they end the process
// as they would have. `build` must outlive the process. Errors: the directory cannot be made; then
// no handler is installed.
Result<> dump_crashes(const lifecycle::Locations& locations, std::string_view build);

}  // namespace zc::daemon
