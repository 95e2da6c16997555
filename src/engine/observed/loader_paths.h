// Loader paths: where the C library's loader would have found a library earlier.
//
// Thread: any; no state.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace zc::engine
