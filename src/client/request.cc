#include "client/request.h"

#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>

#include "base/path.h"
#include "client/callers_limits.h"
#include "client/deliver.h"
#include "os/world.h"
#include "wire/environment.h"
#include "wire/message.h"

namespace zc::client {

Result<std::string> working_directory() {
  char buffer[PATH_MAX];
  if (::getcwd(buffer, sizeof buffer) == nullptr) {
    return fail_errno(errno, "cannot get the working directory");
  }
  return std::string(buffer);
}

namespace {

Result<wire::FileId> id_of(const char* path) {
  struct stat st = {};
  if (::stat(path, &st) != 0) {
    return fail_errno(errno, path);
  }
  return wire::FileId{.dev = st.st_dev, .ino = st.st_ino};
}

bool is_null_device(int fd) {
  struct stat st = {};
  return ::fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

// By the variables that have become customary: https://no-color.org, https://bixense.com/clicolors.
bool wants_colour() {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return text == nullptr ? std::string_view{} : std::string_view{text};
  };
  return value("NO_COLOR").empty() && value("CLICOLOR") != "0";
}

std::uint64_t realtime_ns() {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

Result<std::string> make_request(const FoundCompiler& compiler, std::span<char* const> args,
                                 char* const* environment, std::string_view cwd) {
  wire::CompileRequest request;
  request.start_ns = realtime_ns();
  request.version = ZCCACHE_VERSION;
  const std::string tool = join_path(cwd, compiler.path);
  request.tool = tool;
  request.cwd = cwd;
  request.args.reserve(args.size() + 1);
  request.args.emplace_back(compiler.argv0);
  for (const char* arg : args) {
    request.args.emplace_back(arg);
  }
  const bool whole = wire::is_sent_whole_environment(tool) ||
                     (!args.empty() && wire::is_sent_whole_environment(args.front()));
  for (char* const* variable = environment; *variable != nullptr; ++variable) {
    if (whole || wire::find_variable(*variable) != nullptr) {
      request.env.emplace_back(*variable);
    }
  }
  TRY_ASSIGN(request.root_id, id_of("/"));
  TRY_ASSIGN(request.cwd_id, id_of("."));
  request.world = os::this_world();
  const TightLimit limit = find_tight_limit();
  request.tight_limit = limit.name;
  request.limits_files = limit.is_about_files;
  request.has_no_stdin = is_null_device(0);
  request.has_terminal = ::isatty(0) != 0 || ::isatty(1) != 0 || ::isatty(2) != 0;
  request.shows_colour = request.has_terminal && stderr_shows_colour() && wants_colour();
  return wire::encode(request);
}

}  // namespace zc::client
