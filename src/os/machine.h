// The machine that we run on.
//
// Thread: any.
#pragma once

#include <string>

namespace zc::os {

// Identifies what -march=native stands for here: model and feature flags of the first processor.
// Empty when they cannot be read; such a compile is then keyed by the empty text on this machine.
std::string host_cpu();

// The name of the machine; empty when it cannot be read.
std::string host_name();

// The kernel by its name, release, version and architecture, as uname(2) reports them.
std::string kernel_name();

// Which start of the machine this is; empty where it cannot be read, as in some sandboxes.
std::string boot_id();

}  // namespace zc::os
