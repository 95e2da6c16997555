// Hidden variables: what the client has put into the environment for us is not the program's, which
// finds its environment as its user made it. Whatever it starts gets the variables again.
//
//   return with_variables(envp, [&](char* const* env) { return next(path, argv, env); });
//
// They are taken out when we are loaded, if LD_PRELOAD begins with our own path, as the client
// writes it; else nothing is hidden, and environments are passed on as they are. Whoever looks
// before that (constructors of other libraries), or asks /proc, sees them.
//
// An environment that a program has made from nothing gets them too: what it starts is observed.
//
// `system` and `popen` give their shell the environment of the process, which therefore has the
// variables while it is lent to one of them; another thread can see them. One at a time has it:
// the shell of another is not observed, which the client notices.
//
// Thread: hide_variables when we are loaded; with_variables any, also between vfork and exec and in
// a signal handler: everything is on the stack.
#pragma once

#include <alloca.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace zc::observer {

void hide_variables();
bool are_variables_hidden();

// What an environment needs that has the variables again.
struct EnvironmentRoom {
  std::size_t words = 0;
  std::size_t bytes = 0;
};
EnvironmentRoom room_with_variables(char* const* given);

// Makes it of `words` and `bytes`, which are as large as that; borrows from `given`.
void add_variables(char* const* given, char** words, char* bytes);

// `given` may be null, as for the kernel. Where the two variables are too much for the kernel, the
// call is made without them: what is started then is not observed, which the daemon notices.
template <class Call>
int with_variables(char* const* given, Call call) {
  if (!are_variables_hidden()) {
    return call(given);
  }
  const EnvironmentRoom room = room_with_variables(given);
  auto** const words = static_cast<char**>(alloca(room.words * sizeof(char*)));
  auto* const bytes = static_cast<char*>(alloca(room.bytes));
  add_variables(given, words, bytes);
  const int result = call(words);
  const bool is_too_long = result == E2BIG || (result == -1 && errno == E2BIG);
  return is_too_long ? call(given) : result;
}

class LentEnvironment {
 public:
  LentEnvironment();
  ~LentEnvironment();
  LentEnvironment(const LentEnvironment&) = delete;
  LentEnvironment& operator=(const LentEnvironment&) = delete;

 private:
  bool is_taken_ = false;
  char** before_ = nullptr;
};

}  // namespace zc::observer
