// The channel: memory that the daemon has made for this run, and that every observed process maps.
//
// ZCCACHE_OBSERVE=/proc/<pid>/fd/<n> names it, a descriptor of the client. If the variable is
// missing, or does not lead to a channel that the process can map, the channel stays closed for the
// life of the process, and the observer records nothing. It stays closed, too, if the address space
// has a limit: the mapping would count against it.
//
// The observer writes to no file and keeps no descriptor, so it depends neither on limits nor on
// what the program does to descriptors. A child of fork inherits the mapping, a child of vfork
// shares it, and a program that is started maps the channel anew.
//
// Thread: any, also between vfork and exec and in a signal handler; no locks, no allocation. It
// opens itself at first use: constructors of other libraries may run before ours.
#pragma once

#include <cstddef>

namespace zc::observer {

// The variable, with its `=`.
inline constexpr const char kChannelVariable[] = "ZCCACHE_OBSERVE=";

// Whether this process is observed. In an observed process the first call also writes what the
// process is (described_process.h).
bool is_observing();

// How far the clock of this run is ahead of the real one, in seconds: a second run of a command is
// given another time, to see whether that shows in what it writes. 0 if nothing is observed.
long clock_shift_s();

// A second run must not change what is older than this, and so was left alone by the first one:
// nanoseconds since the epoch. 0: the run may change anything.
long kept_before_ns();

// When this run began, if nothing is known of its programs: nanoseconds since the epoch. Else 0.
long unknown_since_ns();

// Writes one record. Call it only while observing. False: the channel is full.
bool append(const char* bytes, std::size_t size);

}  // namespace zc::observer
