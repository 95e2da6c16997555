// Whether the observer can be loaded into a program that is about to be started
// (os/program_file.h). What it cannot be loaded into is started without its variables, as if it
// were not there, and an event of kind '!' says so.
//
// Thread: any, also between vfork and exec.
#pragma once

namespace zc::observer {

// `path` is below `directory`; true if the file cannot be read.
bool is_loadable_into(int directory, const char* path);
// Of the program that PATH leads to.
bool is_loadable_into_named(const char* name);

}  // namespace zc::observer
