// The channel: memory that the daemon has made for this run, and that every observed process maps.
//
// ZCCACHE_OBSERVE=/proc/<pid>/fd/<n> names it, a descriptor of the client. Without the variable, or
// when it does not lead to a channel that we can map, the channel stays shut for the life of the
// process, and nothing is recorded. It stays shut, too, where the address space has a limit: the
// mapping would count against it.
//
// Nothing is written to a file and no descriptor is kept, so that neither limits nor what a program
// does to descriptors get in the way. A child of fork inherits the mapping, one of vfork shares it,
// and a program that is started maps the channel anew.
//
// Thread: any, also between vfork and exec and in a signal handler; no locks, no allocation. It
// opens itself at first use: constructors of other libraries may run before ours.
#pragma once

#include <cstddef>

namespace zc::observer {

// Whether somebody wants to know. The first call of a process that is observed also tells the
// channel what the process is (described_process.h).
bool is_observing();

// Only while observing. False: it is full.
bool append(const char* bytes, std::size_t size);

}  // namespace zc::observer
