// zccache-cli: everything about zccache but compiling.
#include <unistd.h>

#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "base/build.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "lifecycle/caller.h"
#include "lifecycle/locations.h"

namespace {

using namespace zc;

std::string working_directory() {
  char path[4096];
  return ::getcwd(path, sizeof path) == nullptr ? std::string("/") : std::string(path);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> args(argv, static_cast<std::size_t>(argc));
  const Result<lifecycle::Locations> locations =
      lifecycle::locate(::getenv, ZCCACHE_VERSION, working_directory(), ::geteuid());
  if (!locations) {
    cli::print_note(str_cat("zccache: ", locations.error().message));
    return cli::kFailed;
  }
  const lifecycle::Caller caller = {
      .locations = *locations, .version = full_version(), .environment = environ};
  if (args.size() < 2) {
    cli::help(caller, {});
    return cli::kFailed;
  }
  const cli::Command* command = cli::find_command(args[1]);
  if (command == nullptr) {
    cli::print_note(str_cat("zccache-cli: unknown command '", args[1],
                            "'; try zccache help. To compile, use: zccache ", args[1], " ..."));
    return cli::kUsageError;
  }
  return command->run(caller, args.subspan(2));
}
