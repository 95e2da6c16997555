// The macros by which a compile of C or C++ asks for the time.
//
// Thread: any; no state.
#pragma once

#include <array>
#include <string_view>

#include "compiler/bypass.h"
#include "engine/c/compile.h"
#include "engine/observed/trace.h"

namespace zc::engine::c {

// Words for a run that shows whether __TIME__ was used: no compiler knows the name that each use of
// it turns into, and in a text it is not what the time was.
inline constexpr std::array<std::string_view, 2> kWithoutTime = {"-D__TIME__=zccache_time_of_day",
                                                                 "-Wno-builtin-macro-redefined"};

// For people: `why` with the first place that names __TIME__, __DATE__ or __TIMESTAMP__ in what
// the run has read: the source, then the files of the user, then those of the system. Unchanged if
// it is about something else, or if there is no such place.
compiler::Bypass with_place_of_macro(const os::FileSystem& fs, const CacheableCompile& compile,
                                     const Trace& trace, compiler::Bypass why);

}  // namespace zc::engine::c
