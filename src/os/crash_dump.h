// What a process leaves behind when it dies by a fault of its own: a text file with the signal, the
// build, the thread and its stack. No variables, no memory, no command lines.
//
// The stack is given as program and offset, which `addr2line -e PROGRAM <offset>` names for a
// program of the same build. Sanitizers have reports of their own; with one, nothing is installed.
//
// Thread: called before any other thread starts; the handler runs in the thread that failed, and
// only does what a signal handler may do. Not for the client, whose C library shows no stacks.
#pragma once

#include <string_view>

#include "os/fd.h"

namespace zc::os {

// From now on SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL leave a dump in the directory `dumps`
// before they end the process as they would have. The texts outlive the process.
void dump_crashes(Fd dumps, std::string_view program, std::string_view build);

}  // namespace zc::os
