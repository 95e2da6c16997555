// This process: its identity, where it stands, which program it runs, and becoming another program.
//
// Thread: any, save what changes the process: enter_directory, name_process, keep_new_files_private
// and become_program are for a process with one thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "os/fd.h"
#include "os/file_stamp.h"

namespace zc::os {

std::int32_t process_id();

// The effective one, which owns the files that we make.
std::uint32_t user_id();

// NAME=VALUE, ended by a null pointer. setenv changes it, so only a process with one thread may
// call that.
char** environment();

// Errors: kNotFound when it has been removed, kIo.
Result<std::string> working_directory();

// False: it cannot be entered, and we stand where we stood.
bool enter_directory(const std::string& path);

// The program that we run; by its path without the mark that the kernel appends once it has been
// removed. Errors: kNotFound, where there is no /proc.
Result<std::string> own_path();
Result<Fd> open_own_program();
// Whether a plain file may be our program: it has the same first bytes, or cannot be read. Asked
// before the exact question, which goes through /proc and costs a new process twice as much.
bool begins_as_own_program(const std::string& path);
// Returns 0 or an errno value.
int stamp_own_program(FileStamp& out);

// How tools for people call the process; one that was executed by descriptor has a mere number. The
// kernel keeps 15 bytes (prctl(2), PR_SET_NAME).
void name_process(const char* name);

// The rights that new files do not get (umask(2)).
std::uint32_t file_mode_mask();

// New files get no rights for other users.
void keep_new_files_private();

// Runs another program in this process, with our environment. Returns only when that failed: the
// errno value.
int become_program(const char* path, char* const* args);
// The same for what PATH leads to, or a script without a first line that says what runs it.
int become_named_program(const char* name, char* const* args);

}  // namespace zc::os
