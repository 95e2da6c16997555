// `zccache run`: by now the client has made the environment in which the build is served. What is
// left is to become its first program.

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "os/program_start.h"
#include "os/self.h"

namespace zc::cli {

namespace {

constexpr std::string_view kUsageOfRun =
    "usage: zccache run [--] COMMAND [arguments]\n"
    "Runs a build (make, ninja, cargo, a script) as it is. Each compiler, linker and archiver\n"
    "that it starts, by whatever path, is served as if it had been called behind zccache. Other\n"
    "compiler caches are left alone. The exit code is the command's own; 127 if there is no such\n"
    "command, 126 if it cannot be run.\n";

// As a shell.
constexpr int kCannotRun = 126;
constexpr int kNotThere = 127;

}  // namespace

int run(const lifecycle::Caller&, Args args) {
  if (!args.empty() && std::string_view(args.front()) == "--help") {
    print_out(kUsageOfRun);
    return kDone;
  }
  if (!args.empty() && std::string_view(args.front()) == "--") {
    args = args.subspan(1);
  } else if (!args.empty() && std::string_view(args.front()).starts_with('-')) {
    return bad_argument("run", args.front());
  }
  if (args.empty()) {
    print_note(kUsageOfRun.substr(0, kUsageOfRun.size() - 1));
    return kUsageError;
  }
  std::vector<std::string> words(args.begin(), args.end());
  const int err = os::become_named_program(words.front().c_str(), os::exec_vector(words).data());
  print_note(str_cat("zccache: cannot run ", words.front(), ": ",
                     std::strerror(err)));  // NOLINT(concurrency-mt-unsafe): one thread
  return err == ENOENT ? kNotThere : kCannotRun;
}

}  // namespace zc::cli
