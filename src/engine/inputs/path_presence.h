// Path presence: whether anything is at a path that an input set wants to be empty.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string_view>

#include "os/file_system.h"

namespace zc::engine {

// Splits a path as inputs are grouped: {".", "a.h"} for "a.h", {"/", "x"} for "/x". A slash at the
// end stays with the name ({"a", "b/"} for "a/b/"): an absence so written means that not even a
// directory may be there, because names below it were probed.
struct SplitPath {
  std::string_view directory;
  std::string_view name;
};
SplitPath split_path(std::string_view path);

// What a path that should be absent looks like now. A name that ends with a slash: see split_path.
// Costs one stat, and one more behind a symlink.
enum class Presence : std::uint8_t {
  kAbsent,    // nothing, or a directory, which compilers skip when they look for a header
  kVolatile,  // nothing, but behind a symlink: it may appear without a trace in this directory
  kPresent,   // a file, or a path that cannot be examined
};
Presence presence_of(const os::FileSystem& fs, os::DirectoryHandle at, std::string_view path);

// Whether `err`, an errno, means that nothing is there (ENOENT, ENOTDIR). Most programs go on to
// the next directory; what is merely in the way (a directory that may not be searched, a circle of
// symlinks) is an error for them. Some, gcc among them, also report a file in place of a directory
// (ENOTDIR), so such a path is no absence: the file is an input (observed/inputs.cc).
bool is_missing(int err);

}  // namespace zc::engine
