// The channel: the memory file of the client that every observed process appends to.
//
// ZCCACHE_OBSERVE=/proc/<pid>/fd/<n> names it. Without the variable, or when it is not a memory
// file that we can open, the channel stays shut for the life of the process, and nothing is
// recorded.
//
// A program may close descriptors that are not its own, or put others in their place. So the number
// is trusted only while it still means the same file; else the file is opened anew for each record.
//
// Thread: any, also between vfork and exec and in a signal handler; no locks, no allocation. It
// opens itself at first use: constructors of other libraries may run before ours.
#pragma once

#include <cstddef>

namespace zc::observer {

// Whether somebody wants to know. The first call of a process that is observed also tells the
// channel what the process is (described_process.h).
bool is_observing();

// Appends with one write; false: it is not there, or not all of it.
bool append(const char* bytes, std::size_t size);

}  // namespace zc::observer
