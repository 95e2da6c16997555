#include "client/passthrough.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/str.h"
#include "os/file.h"

namespace zc::client {

int passthrough(const FoundCompiler& compiler, char** argv, int first) {
  // The word before the first argument is the compiler's name, or a word of ours: its place is
  // free for argv[0].
  std::string argv0 = compiler.argv0;
  argv[first - 1] = argv0.data();
  ::execv(compiler.path.c_str(), argv + first - 1);
  const int err = errno;
  (void)os::write_all(2, str_cat("zccache: cannot run ", compiler.path, ": ",
                                 std::strerror(err),  // NOLINT(concurrency-mt-unsafe)
                                 "\n"));
  return err == ENOENT ? 127 : 126;
}

}  // namespace zc::client
