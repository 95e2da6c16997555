// Young words: files that a command names and that have just been written. What the run reads of
// one within the same tick of the clock could not be told from what is written later, so the run
// waits for the next tick.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "os/file_system.h"

namespace zc::engine {

// When all files among `words` are old enough, on the clock of file timestamps; 0: they are now.
// Relative ones are against `directory`.
std::int64_t settled_at_ns(const os::FileSystem& fs, os::DirectoryHandle directory,
                           const std::vector<std::string_view>& words);

}  // namespace zc::engine
