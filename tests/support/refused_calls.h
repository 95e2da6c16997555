// Runs a function where the kernel refuses certain system calls, as an older kernel, another file
// system or a sandbox does.
//
// The calls are refused to a thread of their own, since a filter stays for as long as its thread
// lives; files, descriptors and variables are those of the test.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace zc::test {

struct RefusedCall {
  std::uint32_t number = 0;    // SYS_…
  std::uint32_t argument = 0;  // refused only if this one has
  std::uint32_t flags = 0;     // any of these bits
  int error = 0;               // what the caller sees
};

// A file system that knows no files without a name (O_TMPFILE).
RefusedCall unnamed_files();
// No /proc, by which an open file could be given a name.
RefusedCall names_for_open_files();

// False: this system lets no process refuse itself anything, and nothing has run.
bool run_without(const std::vector<RefusedCall>& calls, const std::function<void()>& run);

}  // namespace zc::test
