// Loader paths: where the C library's loader would have found a library earlier.
//
// Thread: any; no state.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/observed/trace.h"

namespace zc::engine {

// LD_LIBRARY_PATH as the loader takes it (ld.so(8)): a colon or a semicolon parts two directories,
// and an empty one is the cwd. The result is absolute, without a slash at the end; it is empty if
// the variable is.
std::vector<std::string> loader_directories(std::string_view library_path, std::string_view cwd);

// Paths where the loader has looked, or would look now, before it came to `objects`: in
// `directories` up to the one that holds the object, and in the subdirectories that it tries inside
// of each. The observer sees none of these looks.
std::vector<std::string> paths_before(const std::vector<std::string>& directories,
                                      const std::set<std::string_view>& objects);
// The same for all that programs of the run have loaded.
std::vector<std::string> paths_before_objects(std::string_view library_path, std::string_view cwd,
                                              const Trace& trace);

// Whether a program of the run has the C library whose loader this is about.
bool loads_c_library(const Trace& trace);

// Of libraries that are to be loaded before all others, as LD_PRELOAD or /etc/ld.so.preload name
// them, those that no program has loaded.
std::vector<std::string> libraries_not_loaded(std::string_view names, const Trace& trace);

}  // namespace zc::engine
