// Programs that are started: X before the process becomes another program, Y if that failed, P for
// a child. A name without a slash is written as it is, together with the variable that resolves it:
// PATH. In a build under `zccache run`, some are served instead.
#include <alloca.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "observer/event.h"
#include "observer/hidden_variables.h"
#include "observer/interpose.h"
#include "observer/loadable.h"
#include "observer/served_programs.h"
#include "observer/short_text.h"
#include "observer/spawn_actions.h"

namespace zc::observer {

namespace {

constexpr const char* kShell = "/bin/sh";

// The form of the program's name: a path, or a name that PATH resolves to one.
enum class Given { kPath, kNameOrPath };

void set_program(Event& record, const char* program, Given given) {
  if (given == Given::kPath || std::strchr(program, '/') != nullptr) {
    record.path(AT_FDCWD, program);
    return;
  }
  record.name(program);
  record_name('E', "PATH");
}

// The file that such a name leads to.
class ProgramFile {
 public:
  // `found` has room_for_named(program).
  ProgramFile(const char* program, Given given, char* found) {
    if (given == Given::kPath || std::strchr(program, '/') != nullptr) {
      path_ = program;
    } else if (find_named(program, found)) {
      path_ = found;
    }
  }

  // Null: PATH leads to none.
  const char* path() const { return path_; }
  os::Preload preload() const {
    return path_ == nullptr ? os::Preload::kAny : preload_of(AT_FDCWD, path_);
  }
  Service service() const { return path_ == nullptr ? Service::kNone : service_for(path_); }

 private:
  const char* path_ = nullptr;
};

// What the build starts.
struct Command {
  const char* program;
  Given given;
  char* const* argv;
  char* const* environment;
};

// `call(program, argv, environment)` starts a program, `has_started` tells by its result whether it
// did. The client gets an environment without our variables; what cannot be served runs likewise.
// The program at `path` is the command's.
template <class Call, class HasStarted>
int served(Service service, const char* path, const Command& command, Call call,
           HasStarted has_started) {
  if (service == Service::kClient && command.argv != nullptr && command.argv[0] != nullptr) {
    auto** const words =
        static_cast<const char**>(alloca(count_client_words(command.argv) * sizeof(const char*)));
    write_client_words(path, command.argv, words);
    const int result = call(client_path(), const_cast<char* const*>(words), command.environment);
    if (has_started(result)) {
      return result;
    }
  }
  return call(command.program, command.argv, command.environment);
}

// Starts a program with the observer's variables, or without them if they would do harm. `told` is
// called in the latter case.
template <class Call, class Told>
int started(os::Preload preload, char* const* environment, Call call, Told told) {
  if (has_library(preload)) {
    return with_variables(preload, environment, call);
  }
  told();
  return call(environment);
}
template <class Call>
int started(Event& record, os::Preload preload, char* const* environment, Call call) {
  return started(preload, environment, call, [&] { record.write('!', 0); });
}

// Writes X and, since the call returns only if it failed, Y.
template <class Call>
int becomes(Event& record, os::Preload preload, char* const* environment, Call call) {
  record.write('X', 0);
  const int result = started(record, preload, environment, call);
  record.write('Y', errno);
  return result;
}
template <class Call>
[[gnu::noinline]] int becomes(const Command& command, os::Preload preload, Call call) {
  Event record;
  set_program(record, command.program, command.given);
  return becomes(record, preload, command.environment, call);
}

// posix_spawn returns the error itself, and does not set errno.
template <class Call>
[[gnu::noinline]] int spawned(const Command& command, os::Preload preload, Call call) {
  Event record;
  set_program(record, command.program, command.given);
  const int error = started(record, preload, command.environment, call);
  record.write(error == 0 ? 'P' : 'Y', error);
  return error;
}

// In a build: served, or started like any other program.
template <class Call, class HasStarted>
int started_in_build(const ProgramFile& file, const Command& command, Call call,
                     HasStarted has_started) {
  if (const Service service = file.service(); service != Service::kNone) {
    return served(service, file.path(), command, call, has_started);
  }
  return started(
      file.preload(), command.environment,
      [&](char* const* environment) { return call(command.program, command.argv, environment); },
      [] {});
}

// `call(program, argv, environment)` replaces this process. A build may do that on a stack of a few
// KiB (clone with one for the child), so what takes more, an Event, is in a frame of its own.
template <class Call>
int becomes(const Command& command, Call call) {
  auto* const found = static_cast<char*>(alloca(room_for_named(command.program)));
  const ProgramFile file(command.program, command.given, found);
  if (is_serving()) {
    return started_in_build(file, command, call, [](int) { return false; });
  }
  return becomes(command, file.preload(), [&](char* const* environment) {
    return call(command.program, command.argv, environment);
  });
}

// Likewise, in a process of its own.
template <class Call>
int spawned(const Command& command, Call call) {
  auto* const found = static_cast<char*>(alloca(room_for_named(command.program)));
  const ProgramFile file(command.program, command.given, found);
  if (is_serving()) {
    return started_in_build(file, command, call, [](int error) { return error == 0; });
  }
  return spawned(command, file.preload(), [&](char* const* environment) {
    return call(command.program, command.argv, environment);
  });
}

}  // namespace

ZC_INTERPOSE(int, execve, const char* path, char* const argv[], char* const envp[]) {
  return becomes({path, Given::kPath, argv, envp},
                 [](const char* program, char* const* words, char* const* env) {
                   return ZC_NEXT(execve)(program, words, env);
                 });
}
ZC_INTERPOSE(int, execvpe, const char* name, char* const argv[], char* const envp[]) {
  return becomes({name, Given::kNameOrPath, argv, envp},
                 [](const char* program, char* const* words, char* const* env) {
                   return ZC_NEXT(execvpe)(program, words, env);
                 });
}
// With the environment of the process, to which the hidden variables must be added.
ZC_INTERPOSE(int, execv, const char* path, char* const argv[]) {
  return seen_execve(path, argv, environ);
}
ZC_INTERPOSE(int, execvp, const char* name, char* const argv[]) {
  return seen_execvpe(name, argv, environ);
}

ZC_INTERPOSE(int, fexecve, int fd, char* const argv[], char* const envp[]) {
  Event record;
  record.descriptor(fd);
  ShortText<32> path;
  path.add("/proc/self/fd/").add_number(static_cast<std::uint32_t>(fd));
  return becomes(record, preload_of(AT_FDCWD, path.c_str()), envp,
                 [&](char* const* env) { return ZC_NEXT(fexecve)(fd, argv, env); });
}

ZC_INTERPOSE(int, execveat, int directory, const char* path, char* const argv[], char* const envp[],
             int flags) {
  Event record;
  if ((flags & AT_EMPTY_PATH) != 0 && *path == '\0') {
    record.descriptor(directory);
  } else {
    record.path(directory, path);
  }
  return becomes(record, preload_of(directory, path), envp, [&](char* const* env) {
    return ZC_NEXT(execveat)(directory, path, argv, env, flags);
  });
}

// Arguments one by one, from `first`: `argv` is made of them on the stack, as the C library does,
// and `rest` is left behind them.
#define ZC_COLLECT_ARGV                                                               \
  std::size_t count = 0;                                                              \
  va_list rest;                                                                       \
  va_start(rest, first);                                                              \
  for (const char* word = first; word != nullptr; word = va_arg(rest, const char*)) { \
    ++count;                                                                          \
  }                                                                                   \
  va_end(rest);                                                                       \
  auto** const argv = static_cast<char**>(alloca((count + 1) * sizeof(char*)));       \
  va_start(rest, first);                                                              \
  argv[0] = const_cast<char*>(first);                                                 \
  for (std::size_t i = 1; i <= count; ++i) {                                          \
    argv[i] = va_arg(rest, char*);                                                    \
  }

ZC_INTERPOSE(int, execl, const char* path, const char* first, ...) {
  ZC_COLLECT_ARGV
  va_end(rest);
  return seen_execve(path, argv, environ);
}
ZC_INTERPOSE(int, execlp, const char* name, const char* first, ...) {
  ZC_COLLECT_ARGV
  va_end(rest);
  return seen_execvp(name, argv);
}
ZC_INTERPOSE(int, execle, const char* path, const char* first, ...) {
  ZC_COLLECT_ARGV
  char** const envp = va_arg(rest, char**);
  va_end(rest);
  return seen_execve(path, argv, envp);
}

// What they write to `process`, a pid or a descriptor, is only passed through.
#define ZC_SPAWN(Result, symbol, given)                                                      \
  ZC_INTERPOSE(Result, symbol, void* process, const char* program, const void* actions,      \
               const void* attributes, char* const argv[], char* const envp[]) {             \
    record_spawn_actions(actions, program);                                                  \
    return spawned({program, given, argv, envp},                                             \
                   [&](const char* path, char* const* words, char* const* env) {             \
                     return ZC_NEXT(symbol)(process, path, actions, attributes, words, env); \
                   });                                                                       \
  }
ZC_SPAWN(int, posix_spawn, Given::kPath)
ZC_SPAWN(int, posix_spawnp, Given::kNameOrPath)
#if __GLIBC_PREREQ(2, 39)
ZC_SPAWN(int, pidfd_spawn, Given::kPath)
ZC_SPAWN(int, pidfd_spawnp, Given::kNameOrPath)
#endif

// Without a command, `system` only reports whether there is a shell.
ZC_INTERPOSE(int, system, const char* command) {
  record_name('P', kShell);
  const LentEnvironment environment(preload_of(AT_FDCWD, kShell));
  return ZC_NEXT(system)(command);
}
ZC_INTERPOSE(FILE*, popen, const char* command, const char* mode) {
  record_name('P', kShell);
  const LentEnvironment environment(preload_of(AT_FDCWD, kShell));
  return ZC_NEXT(popen)(command, mode);
}

// wordexp lists directories, reads variables, and may start a shell, all inside the C library.
ZC_BEFORE(int, wordexp, (const char* words, void* out, int flags), (words, out, flags), record_name,
          '!', "wordexp")

}  // namespace zc::observer
