// Which build of the observer can be loaded into a program that is about to be started
// (os/program_file.h). If there is none, the program is started without the observer's variables,
// as if it were not there, and an event of kind '!' says so.
//
// Thread: any, also between vfork and exec.
#pragma once

#include "os/program_file.h"

namespace zc::observer {

// `path` is below `directory`.
os::Preload preload_of(int directory, const char* path);
// Of the program that PATH leads to.
os::Preload preload_of_named(const char* name);

}  // namespace zc::observer
