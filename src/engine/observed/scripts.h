// Scripts: files that the kernel has another program read, as their first line says.
//
// Thread: any; no state.
#pragma once

#include <string>

#include "os/file_system.h"

namespace zc::engine {

// The program that the first line of the file at `path`, an absolute path, names; empty when it is
// no script, or cannot be read.
std::string interpreter_of(const os::FileSystem& fs, const std::string& path);

}  // namespace zc::engine
