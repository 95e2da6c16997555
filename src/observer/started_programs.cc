// Programs that are started: X before the process becomes another program, Y if that failed, P for
// a child. A name without a slash is written as it is, together with the variable that resolves it:
// PATH.
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

os::Preload preload_of_given(const char* program, Given given) {
  return given == Given::kPath || std::strchr(program, '/') != nullptr
             ? preload_of(AT_FDCWD, program)
             : preload_of_named(program);
}

// Starts a program with the observer's variables, or without them if they would do harm.
template <class Call>
int started(Event& record, os::Preload preload, char* const* environment, Call call) {
  if (has_library(preload)) {
    return with_variables(preload, environment, call);
  }
  record.write('!', 0);
  return call(environment);
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
int becomes(const char* program, Given given, char* const* environment, Call call) {
  Event record;
  set_program(record, program, given);
  return becomes(record, preload_of_given(program, given), environment, call);
}

template <class Call>
int spawned(const char* program, Given given, char* const* environment, Call call) {
  Event record;
  set_program(record, program, given);
  // posix_spawn returns the error itself, and does not set errno.
  const int error = started(record, preload_of_given(program, given), environment, call);
  record.write(error == 0 ? 'P' : 'Y', error);
  return error;
}

}  // namespace

ZC_INTERPOSE(int, execve, const char* path, char* const argv[], char* const envp[]) {
  return becomes(path, Given::kPath, envp,
                 [&](char* const* env) { return ZC_NEXT(execve)(path, argv, env); });
}
ZC_INTERPOSE(int, execvpe, const char* name, char* const argv[], char* const envp[]) {
  return becomes(name, Given::kNameOrPath, envp,
                 [&](char* const* env) { return ZC_NEXT(execvpe)(name, argv, env); });
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
#define ZC_SPAWN(Result, symbol, given)                                                 \
  ZC_INTERPOSE(Result, symbol, void* process, const char* program, const void* actions, \
               const void* attributes, char* const argv[], char* const envp[]) {        \
    record_spawn_actions(actions, program);                                             \
    return spawned(program, given, envp, [&](char* const* env) {                        \
      return ZC_NEXT(symbol)(process, program, actions, attributes, argv, env);         \
    });                                                                                 \
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
