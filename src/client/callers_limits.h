// The limits that our caller has set (setrlimit), and that hold for us and for the compiler.
//
// A run of ours is a little more than the command: a process that waits, a depfile, the observer's
// library and its mapping. Where a limit is so tight that this could make the difference, the
// compiler takes our place as it was called (ADR 17). Limits that no ordinary
// compile comes near are no reason to do without the cache.
//
// Thread: the client has one.
#pragma once

#include <string_view>

namespace zc::client {

struct TightLimit {
  std::string_view name;        // such as "RLIMIT_AS"; empty: there is none
  bool is_about_files = false;  // their size: a hit could not be delivered, either
};

// The first of the limits that is tight, in the order of the table in the source. A limit that the
// system does not report counts as tight.
TightLimit find_tight_limit();

// Whether the stack is so small that a request to the daemon could overflow it: below 256 KiB.
// False if the limit is unknown.
bool lacks_stack();

// From now on, a write beyond the limit of a file's size is an error, and does not end us. Programs
// that we become or start are ended by it as before.
void survive_file_size_limit();

}  // namespace zc::client
