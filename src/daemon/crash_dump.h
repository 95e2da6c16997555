// Where a daemon that dies by a fault of its own leaves its dump (os/crash_dump.h):
// Locations::crashes(), of which `zccache crashes` lists the files.
//
// Thread: called before any other thread starts.
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
