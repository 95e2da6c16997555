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

int run(const lifecycle::Caller&, Args args) {
  if (!args.empty() && std::string_view(args.front()) == "--") {
    args = args.subspan(1);
  } else if (!args.empty() && std::string_view(args.front()).starts_with('-')) {
    return bad_argument("run", args.front());
  }
  if (args.empty()) {
    return refuse_with_usage("run");
  }
  std::vector<std::string> words(args.begin(), args.end());
  const int err = os::become_named_program(words.front().c_str(), os::exec_vector(words).data());
  print_note(str_cat("zccache: cannot run ", words.front(), ": ",
                     std::strerror(err)));  // NOLINT(concurrency-mt-unsafe): one thread
  return err == ENOENT ? kNotThere : kCannotRun;
}

}  // namespace zc::cli
