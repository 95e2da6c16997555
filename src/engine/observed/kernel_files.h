// Kernel files: what the kernel shows below /dev, /proc and /sys, and which of it a result cannot
// depend on.
//
// Thread: any; no state. Paths are absolute.
#pragma once

#include <cstdint>
#include <string_view>

namespace zc::engine {

// Nothing comes from there, to whomever reads it.
inline constexpr const char* kNullDevice = "/dev/null";

// Whether the kernel makes what is at `path`. Files in shared memory are like those on any disk.
bool is_of_kernel(std::string_view path);

// Whether the path is below a link of /proc that leads to other files for each process.
bool leads_elsewhere(std::string_view path);

// Who looks at a file of the kernel.
enum class KernelReader : std::uint8_t { kCompiler, kProgram, kLateCode };

// Whether the path names a descriptor of a process, which may be any file.
bool is_descriptor(std::string_view path);

// No result depends on these: how much a process may use or has used, terminals, and directories of
// descriptors. (What lies below one of the last may be any file.) Programs read most of them for
// their own working, and a compiler also random numbers. A macro does not work by itself: it may
// make something of what it reads.
bool is_harmless_kernel_file(std::string_view path, KernelReader reader);

// Random numbers, addresses, and what processes use: these differ between any two runs, so that a
// second run shows whether a result depends on them.
bool differs_in_each_run(std::string_view path);

}  // namespace zc::engine
