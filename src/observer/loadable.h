// Which build of the observer can be loaded into a program that is about to be started
// (os/program_file.h). If there is none, the program is started without the observer's variables,
// as if it were not there, and an event of kind '!' says so.
//
// Thread: any, also between vfork and exec, where the stack may be a small one.
#pragma once

#include <cstddef>

#include "os/program_file.h"

namespace zc::observer {

// `path` is below `directory`.
os::Preload preload_of(int directory, const char* path);

// The path of the program that PATH leads to, as execvp(3), in `out`, which has that many bytes.
// False: there is none.
std::size_t room_for_named(const char* name);
bool find_named(const char* name, char* out);

}  // namespace zc::observer
