// What the daemon reads from its machine: the processor, and its memory use.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>

namespace zc::daemon {

// Identifies what -march=native means here: model and feature flags of the first processor. Empty
// if they cannot be read; then the key of such a compile contains the empty text on this machine.
std::string host_cpu();

// Makes the allocator return freed memory to the system early. Call it before any thread starts.
void keep_little_freed_memory();

// Resident memory of this process in bytes; 0 if it cannot be read.
std::uint64_t resident_bytes();

}  // namespace zc::daemon
