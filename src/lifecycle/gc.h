// Cleaning up after daemons that have gone: their copies of the program, and their logs.
//
// A daemon holds a lock on its own program and on its log for as long as it lives; a file that is
// locked stays at any age. One that is not locked but young may belong to a daemon that is
// starting.
//
// Best effort: what cannot be looked at or removed stays, silently. Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace zc::lifecycle {

// Removes every file of the directory that is neither in use nor younger than a minute.
void gc_runtime_binaries(const std::string& directory);

// Removes every file of the directory that is older than a day and not in use. The lifecycle log
// stays at any age, since an idle daemon may be silent for longer; its archives go.
void gc_logs(const std::string& directory);

// Whether gc_logs may remove a file of that name at all.
bool is_expendable_log(std::string_view name);

}  // namespace zc::lifecycle
