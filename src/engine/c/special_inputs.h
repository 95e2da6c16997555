// Special inputs: a FIFO, a socket or a device among what a compile can read. A process that reads
// one of them takes what the compiler is meant to get, or waits for ever. So before we have a
// compiler read the inputs once more for our own purposes, we look at what it would come to.
//
// All files that include directives lead to are looked at, those in branches that are not taken as
// well. Only a name that a macro makes is not followed, unless its file is among those that are
// known to be read.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "compiler/c/search_path.h"
#include "engine/c/scan_cache.h"
#include "os/file_system.h"

namespace zc::engine::c {

// The first special file that can be reached from the files in `read` and from the headers that the
// command line names in `forced`. Relative paths are against `cwd`.
std::optional<std::string> find_special_input(const os::FileSystem& fs, ScanCache& scans,
                                              const compiler::c::SearchPath& search,
                                              os::DirectoryHandle cwd,
                                              std::span<const std::string> read,
                                              std::span<const std::string> forced);

}  // namespace zc::engine::c
