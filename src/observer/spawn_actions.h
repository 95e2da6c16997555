// What a child does between posix_spawn and the program that it becomes, inside the C library: it
// opens files, and may enter a directory.
//
// Thread: any. Errors: what cannot be told is an event of kind '!'.
#pragma once

namespace zc::observer {

// Writes the events of all `actions` (a posix_spawn_file_actions_t, or null) before the child is
// made. `program` is what it becomes.
void record_spawn_actions(const void* actions, const char* program);

}  // namespace zc::observer
