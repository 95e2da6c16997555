// Programs that are started: X before the process becomes another, Y when that failed, P for a
// child. A name without a slash is recorded as it is, and so is who decides what it means: PATH.
#include <alloca.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "observer/interpose.h"
#include "observer/record.h"

namespace zc::observer {

namespace {

// How a path is given: as a path, or as a name that PATH may turn into one.
enum class Given { kPath, kNameOrPath };

void set_program(Record& record, const char* program, Given given) {
  if (given == Given::kPath || std::strchr(program, '/') != nullptr) {
    record.path(AT_FDCWD, program);
    return;
  }
  record.name(program);
  Record search;
  search.name("PATH");
  search.write('E', 0);
}

// Records X and, since the call returns only if it failed, Y.
template <class Call>
int becomes(const char* program, Given given, Call call) {
  Record record;
  set_program(record, program, given);
  record.write('X', 0);
  const int result = call();
  record.write('Y', errno);
  return result;
}

template <class Call>
int spawned(const char* program, Given given, Call call) {
  Record record;
  set_program(record, program, given);
  const int error = call();
  record.write(error == 0 ? 'P' : 'Y', error);
  return error;
}

void record_shell() {
  Record record;
  record.name("/bin/sh");
  record.write('P', 0);
}

}  // namespace

ZC_INTERPOSE(int, execve, const char* path, char* const argv[], char* const envp[]) {
  return becomes(path, Given::kPath, [&] { return ZC_NEXT(execve)(path, argv, envp); });
}
ZC_INTERPOSE(int, execv, const char* path, char* const argv[]) {
  return becomes(path, Given::kPath, [&] { return ZC_NEXT(execv)(path, argv); });
}
ZC_INTERPOSE(int, execvp, const char* name, char* const argv[]) {
  return becomes(name, Given::kNameOrPath, [&] { return ZC_NEXT(execvp)(name, argv); });
}
ZC_INTERPOSE(int, execvpe, const char* name, char* const argv[], char* const envp[]) {
  return becomes(name, Given::kNameOrPath, [&] { return ZC_NEXT(execvpe)(name, argv, envp); });
}

ZC_INTERPOSE(int, fexecve, int fd, char* const argv[], char* const envp[]) {
  Record record;
  record.descriptor(fd);
  record.write('X', 0);
  const int result = ZC_NEXT(fexecve)(fd, argv, envp);
  record.write('Y', errno);
  return result;
}

ZC_INTERPOSE(int, execveat, int directory, const char* path, char* const argv[], char* const envp[],
             int flags) {
  Record record;
  if ((flags & AT_EMPTY_PATH) != 0 && *path == '\0') {
    record.descriptor(directory);
  } else {
    record.path(directory, path);
  }
  record.write('X', 0);
  const int result = ZC_NEXT(execveat)(directory, path, argv, envp, flags);
  record.write('Y', errno);
  return result;
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

ZC_INTERPOSE(int, posix_spawn, pid_t* pid, const char* path, const void* actions,
             const void* attributes, char* const argv[], char* const envp[]) {
  return spawned(path, Given::kPath,
                 [&] { return ZC_NEXT(posix_spawn)(pid, path, actions, attributes, argv, envp); });
}
ZC_INTERPOSE(int, posix_spawnp, pid_t* pid, const char* name, const void* actions,
             const void* attributes, char* const argv[], char* const envp[]) {
  return spawned(name, Given::kNameOrPath,
                 [&] { return ZC_NEXT(posix_spawnp)(pid, name, actions, attributes, argv, envp); });
}

// Without a command, `system` only tells whether there is a shell.
ZC_INTERPOSE(int, system, const char* command) {
  record_shell();
  return ZC_NEXT(system)(command);
}
ZC_INTERPOSE(FILE*, popen, const char* command, const char* mode) {
  record_shell();
  return ZC_NEXT(popen)(command, mode);
}

}  // namespace zc::observer
