// The memory of this process, of which a daemon should hold little while no client compiles.
//
// Thread: any. Not for the client, whose allocator has no such settings.
#pragma once

#include <cstdint>
#include <span>

namespace zc::os {

// Resident memory in bytes; 0 when it is unknown.
std::uint64_t resident_bytes();

// Has the allocator keep little of what is freed. To be called before there are threads.
void keep_little_freed_memory();

// Hands what the allocator still keeps back to the system.
void return_freed_memory();

// Drops the pages of a file's mapping from memory; they come back when they are read. Not for other
// memory, whose content would be lost (madvise(2), MADV_DONTNEED).
void drop_pages(std::span<const char> mapping);

}  // namespace zc::os
