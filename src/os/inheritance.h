// What a process has from the one that started it, beside environment and descriptors: limits,
// priorities, umask, and how the kernel treats it. All of it was chosen for a build, not for a
// daemon that outlives the build.
//
// What stays, because a process cannot leave it: hard limits, cgroup, namespaces, system call
// filters, capabilities that were given up.
//
// Thread: these act on the whole process. shed_inheritance is safe after a fork.
#pragma once

#include <string>

namespace zc::os {

// Soft limits become the hard ones, save two: the stack gets what is customary, since threads and
// the layout of memory follow from it; and there are no core files, which would hold what a
// compile's variables are.
void raise_limits();

// raise_limits, and as at login: umask (077), priorities of processor and disk, processors to run
// on, memory policy, personality, timer slack, and the readiness to be killed when memory is short.
// Best effort: what the kernel refuses stays.
void shed_inheritance();

// The hard limits under which a daemon would have to live, as text to compare: a number for each
// resource, in the order of the kernel's, "-" where there is no limit.
std::string hard_limits();

}  // namespace zc::os
