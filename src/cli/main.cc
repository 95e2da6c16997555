// zccache-cli: everything about zccache but compiling.

#include <cstdlib>
#include <span>
#include <string_view>

#include "base/build.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "lifecycle/caller.h"
#include "lifecycle/locations.h"
#include "os/self.h"

namespace {

using namespace zc;

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> args(argv, static_cast<std::size_t>(argc));
  const Result<lifecycle::Locations> locations = lifecycle::locate(
      ::getenv, ZCCACHE_VERSION, os::working_directory().value_or("/"), os::user_id());
  if (!locations) {
    cli::print_note(str_cat("zccache: ", locations.error().message));
    return cli::kFailed;
  }
  const lifecycle::Caller caller = {
      .locations = *locations, .version = full_version(), .environment = os::environment()};
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
