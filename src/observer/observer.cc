// The observer: a library that is preloaded into a compiler and all programs that it starts, and
// reports to the daemon what they look at. The events are in docs/formats/observation.md.
//
// It never changes what a program does (but under `zccache run`, where some programs that it starts
// are served): each interposed function calls the original with the same arguments (and
// environment: hidden_variables) and returns its result and errno. It works in programs of many
// threads, in signal handlers, between vfork and exec, and before main; it has no state that needs
// a lock and never allocates.
//
// This file: life of a process, its environment, and what it loads. The others: opened_files,
// open_files, changed_files, looked_at_paths, listed_directories, working_directory, attributes,
// started_programs, served_programs, spawn_actions, loadable, network, machine, random_numbers,
// users, terminal, processors, languages, system_calls.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

#include "observer/channel.h"
#include "observer/described_process.h"
#include "observer/early_objects.h"
#include "observer/event.h"
#include "observer/hidden_variables.h"
#include "observer/interpose.h"
#include "observer/kernel.h"
#include "observer/late_code.h"
#include "observer/served_programs.h"

namespace zc::observer {

namespace {

// By the user, or for all programs of the machine. Auditors may exchange files and functions, too.
bool are_others_preloaded() {
  bool found = kernel::is_there(AT_FDCWD, "/etc/ld.so.preload");
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable = *at;
    found |= variable.starts_with("LD_PRELOAD=");
    if (variable.starts_with("LD_AUDIT=")) {
      record_name('!', "LD_AUDIT");
    }
  }
  return found;
}

[[gnu::constructor]] void on_load() {
  note_early_objects();
  if (is_observing()) {
    hide_variables(kChannelVariable);
    if (are_others_preloaded()) {
      record_redirections();
    }
  } else if (begin_serving(); is_serving()) {
    hide_variables(kClientVariable);
  }
}

[[gnu::destructor]] void on_exit() {
  // By now the C library may have loaded objects for itself, which no dlopen has announced.
  tell_all_objects();
}

// Out of line, and with nothing left to do for the interposed function, which then jumps to the
// original: dlopen must see the address of its real caller.
[[gnu::noinline]] void record_dlopen(const char* path) {
  if (path == nullptr || !is_observing()) {
    return;
  }
  Event record;
  if (std::strchr(path, '/') != nullptr) {
    record.path(AT_FDCWD, path);
  } else {
    record.name(path);
  }
  record.write('D', 0);
  expect_new_objects();
}

}  // namespace

ZC_INTERPOSE(void*, dlopen, const char* path, int mode) {
  record_dlopen(path);
  return ZC_NEXT(dlopen)(path, mode);
}
// In a name space of its own, an object finds the C library's functions, not the observer's.
ZC_INTERPOSE(void*, dlmopen, long space, const char* path, int mode) {
  constexpr long kSpaceOfProgram = 0;  // LM_ID_BASE, which musl's headers lack
  record_dlopen(path);
  if (space != kSpaceOfProgram) {
    record_name('!', "dlmopen");
  }
  return ZC_NEXT(dlmopen)(space, path, mode);
}

// These functions run no destructors.
ZC_INTERPOSE(void, _exit, int status) {
  tell_new_objects();
  ZC_NEXT(_exit)(status);
}
ZC_INTERPOSE(void, _Exit, int status) {
  tell_new_objects();
  ZC_NEXT(_Exit)(status);
}

// The program gets what is there now: the two variables of the observer are hidden already.
#define ZC_GETENV(symbol)                               \
  ZC_INTERPOSE(char*, symbol, const char* name) {       \
    char* const value = ZC_NEXT(symbol)(name);          \
    Event record;                                       \
    record.name(name);                                  \
    record.write('E', value == nullptr ? ENOENT : 0);   \
    if (is_late_code(ZC_CALLER)) {                      \
      record.write('V', value == nullptr ? ENOENT : 0); \
    }                                                   \
    return value;                                       \
  }
ZC_GETENV(getenv)
ZC_GETENV(secure_getenv)

}  // namespace zc::observer
