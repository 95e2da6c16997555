#include "client/passthrough.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/str.h"
#include "os/file.h"
#include "os/self.h"
#include "wire/environment.h"

namespace zc::client {

namespace {

// A script without a first line that says what runs it: as execvp does.
void become_script(const FoundCompiler& compiler, char** args) {
  std::string shell = "/bin/sh";
  std::string script = compiler.path;
  std::vector<char*> words = {shell.data(), script.data()};
  for (; *args != nullptr; ++args) {
    words.push_back(*args);
  }
  words.push_back(nullptr);
  os::become_program(shell.c_str(), words.data());
}

}  // namespace

int passthrough(const FoundCompiler& compiler, char** argv, int first) {
  // The word before the first argument is the compiler's name, or a word of ours: its place is
  // free for argv[0].
  std::string argv0 = compiler.argv0;
  argv[first - 1] = argv0.data();
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  ::setenv(wire::kNestedVariable, compiler.nested.c_str(), 1);
  int err = os::become_program(compiler.path.c_str(), argv + first - 1);
  // Our variable was too much for the kernel. Without it a loop of wrappers would go unnoticed, but
  // this command runs as the user called it.
  if (err == E2BIG) {
    ::unsetenv(wire::kNestedVariable);  // NOLINT(concurrency-mt-unsafe): one thread
    err = os::become_program(compiler.path.c_str(), argv + first - 1);
  }
  if (err == ENOEXEC) {
    become_script(compiler, argv + first);
  }
  (void)os::write_all(2, str_cat("zccache: cannot run ", compiler.path, ": ",
                                 std::strerror(err),  // NOLINT(concurrency-mt-unsafe)
                                 "\n"));
  return err == ENOENT ? 127 : 126;
}

}  // namespace zc::client
