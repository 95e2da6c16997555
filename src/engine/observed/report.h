// The report of an observed run: its observation, evaluated to a trace. Errors: kNotObserved if
// there is no observation, it is empty (the observer was not loaded), or it is damaged.
//
// Thread: any; no state. Ownership: the trace borrows from the observation of the compile.
#pragma once

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine {

compiler::OrBypass<Trace> read_report(const CacheableCompile& compile, const OwnPaths& own,
                                      const os::FileSystem& fs);

}  // namespace zc::engine
