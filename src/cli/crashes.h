// The dumps that daemons left when they crashed (os/crash_dump.h).
//
// Thread: main.
#pragma once

#include <string>
#include <vector>

#include "lifecycle/locations.h"

namespace zc::cli {

// Names of the files, oldest first.
// Empty if the directory does not exist or cannot be read.
std::vector<std::string> crash_dumps(const lifecycle::Locations& locations);

}  // namespace zc::cli
