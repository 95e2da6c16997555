// Symlinks on the way to crates: rustc looks at a crate under the path that the command or a
// directory of crates gives it, and opens it under the path without symlinks. What has been opened
// is then also the file as spelled: it must be compared, since its symlinks may be turned.
//
// Thread: any; no state.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/observed/trace.h"
#include "engine/rust/crates.h"
#include "os/file_system.h"

namespace zc::engine::rust {

// Marks crates in the trace as opened if they were under their real path. Returns those real paths,
// but for the ones in `directories`: rustc may have found them there as well.
std::set<std::string> open_as_spelled(const os::FileSystem& fs,
                                      const std::vector<CrateDirectory>& directories, Trace& trace);

}  // namespace zc::engine::rust
