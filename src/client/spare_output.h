// The file that a hit is most likely to fill, made while the daemon looks for the result. To make
// it takes a file system longer than anything else that the client does, and there is nothing else
// to do by then: a hit of a small object is some percent faster for it (docs/performance.md).
//
// It has no name, so if it is not needed, nothing is left of it.
//
// Thread: the client has one.
#pragma once

#include <optional>
#include <span>

#include "os/unnamed_file.h"

namespace zc::client {

// For a command that compiles to the object that it names (-c, -o), with the permissions of an
// object. None for any other, and where it cannot be made. `args` without the compiler's name.
std::optional<os::UnnamedFile> make_spare_output(std::span<char* const> args);

}  // namespace zc::client
