// What the daemon asks of its machine: which processor, how much memory.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>

namespace zc::daemon {

// Identifies what -march=native stands for here: model and feature flags of the first processor.
// Empty when they cannot be read; such a compile is then keyed by the empty text on this machine.
std::string host_cpu();

// Has the allocator keep little of what is freed. To be called before there are threads.
void keep_little_freed_memory();

// Resident memory of this process; 0 when it cannot be told.
std::uint64_t resident_bytes();

}  // namespace zc::daemon
