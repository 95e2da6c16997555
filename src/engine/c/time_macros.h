// Where a compile of C or C++ asks for the time: the file, line and macro, for people.
//
// Thread: any; no state.
#pragma once

#include "compiler/bypass.h"
#include "engine/c/compile.h"
#include "engine/observed/trace.h"

namespace zc::engine::c {

// `why` with the first place that names __TIME__, __DATE__ or __TIMESTAMP__ in what the run has
// read: the source, then the files of the user, then those of the system. Unchanged if it is about
// something else, or if there is no such place.
compiler::Bypass with_place_of_macro(const os::FileSystem& fs, const CacheableCompile& compile,
                                     const Trace& trace, compiler::Bypass why);

}  // namespace zc::engine::c
