// Hidden variables: the program must not see the variables that the client has added (LD_PRELOAD,
// and ZCCACHE_OBSERVE or ZCCACHE_RUN), but the environment that its user made. The programs that it
// starts get the variables again.
//
//   return with_variables(envp, [&](char* const* env) { return next(path, argv, env); });
//
// The observer removes them when it is loaded, if LD_PRELOAD begins with the observer's own path,
// as the client writes it; otherwise it hides nothing and passes environments on as they are. Code
// that reads the environment before that (constructors of other libraries), or that reads /proc,
// sees the variables.
//
// LD_PRELOAD names the build of the observer that the started program can load (loadable.h).
//
// An environment that a program has built itself gets them too: the program that it starts is
// observed.
//
// `system` and `popen` pass the environment of the process to their shell. So the process has the
// variables during such a call, and another thread can see them. Only one call at a time has them:
// the shell of a second call is not observed, which the daemon notices.
//
// Thread: hide_variables while the observer is loaded; with_variables any, also between vfork and
// exec and in a signal handler: everything is on the stack.
#pragma once

#include <alloca.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "os/program_file.h"

namespace zc::observer {

// Removes LD_PRELOAD and the variable that begins with `name` from the environment of this process
// and keeps them for its children. Borrows `name`.
void hide_variables(std::string_view name);
// False: they were not there, or are left as they are.
bool are_variables_hidden();
// Whether there is a build of the observer of this kind, by its path: where the process has another
// root directory, or other mounts, the loader would print that there is none.
bool has_library(os::Preload kind);

// The size of an environment to which the variables are added.
struct EnvironmentRoom {
  std::size_t words = 0;
  std::size_t bytes = 0;
};
EnvironmentRoom room_with_variables(os::Preload kind, char* const* given);

// Builds it in `words` and `bytes`, which have that size; borrows from `given`.
void add_variables(os::Preload kind, char* const* given, char** words, char* bytes);

// Calls `call` with `given` and the variables, and returns its result. There must be a build of
// `kind`. `given` may be null, as for the kernel. If the two variables are too much for the kernel,
// it makes the call without them: the program started then is not observed, which the daemon
// notices.
template <class Call>
int with_variables(os::Preload kind, char* const* given, Call call) {
  if (!are_variables_hidden()) {
    return call(given);
  }
  const EnvironmentRoom room = room_with_variables(kind, given);
  auto** const words = static_cast<char**>(alloca(room.words * sizeof(char*)));
  auto* const bytes = static_cast<char*>(alloca(room.bytes));
  add_variables(kind, given, words, bytes);
  const int result = call(words);
  const bool is_too_long = result == E2BIG || (result == -1 && errno == E2BIG);
  return is_too_long ? call(given) : result;
}

// Adds the variables to the process's own environment while it exists; for `system` and `popen`.
class LentEnvironment {
 public:
  explicit LentEnvironment(os::Preload kind);
  ~LentEnvironment();
  LentEnvironment(const LentEnvironment&) = delete;
  LentEnvironment& operator=(const LentEnvironment&) = delete;

 private:
  bool is_taken_ = false;
  char** before_ = nullptr;
};

}  // namespace zc::observer
