// What a run has started, of a command of which nothing is known before: which of the programs are
// drivers of C, and the ways that the kernel went to each.
//
// Thread: any; no state.
#pragma once

#include "compiler/bypass.h"
#include "engine/c/driver.h"
#include "engine/input_list.h"
#include "engine/observed/compile.h"
#include "engine/observed/trace.h"
#include "engine/toolchain.h"
#include "os/file_system.h"

namespace zc::engine::wrapper {

// The files of all drivers that the run has started. They are identified after the run, so that
// what they start is known for what it is.
Toolchain started_compilers(c::Drivers& drivers, const ObservedCompile& compile,
                            const Trace& trace);

// The kernel follows the way to a program, to a script and to its interpreter by itself; all of
// these become inputs. Errors: kModifiedInputFile; kNotObserved for a script that may change unseen
// what the programs that it starts do.
compiler::OrBypass<> add_starts(const os::FileSystem& fs, const ObservedCompile& compile,
                                const Trace& trace, InputList& list);

}  // namespace zc::engine::wrapper
