// Which build of the observer can be loaded into a program that is about to be started
// (os/program_file.h). If there is none, the program is started without the observer's variables,
// as if it were not there, and an event of kind '!' says so.
//
// Thread: any, also between vfork and exec.
#pragma once

#include "observer/event.h"
#include "observer/short_text.h"
#include "os/program_file.h"

namespace zc::observer {

// `path` is below `directory`.
os::Preload preload_of(int directory, const char* path);

// The program that PATH leads to, as execvp(3). False: there is none.
using ProgramPath = ShortText<kRecordBytesMax>;
bool find_named(const char* name, ProgramPath& out);

}  // namespace zc::observer
