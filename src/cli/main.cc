// zccache-cli: everything about zccache but compiling.

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "base/build.h"
#include "base/str.h"
#include "base/subcommands.h"
#include "cli/command.h"
#include "cli/request.h"
#include "cli/unknown_word.h"
#include "cli/usage_parts.h"
#include "lifecycle/caller.h"
#include "lifecycle/locations.h"
#include "os/self.h"

namespace {

using namespace zc;

// Takes `--endpoint PATH` out of the words of a command, and puts it into the environment. Words
// behind `--` are those of another command. False: there is no path.
bool take_endpoint(std::vector<const char*>& args) {
  constexpr std::string_view kOption = "--endpoint";
  for (auto arg = args.begin(); arg != args.end();) {
    const std::string_view word = *arg;
    if (word == "--") {
      break;
    }
    const bool is_glued = word.starts_with(kOption) && word.substr(kOption.size()).starts_with('=');
    if (!is_glued && word != kOption) {
      ++arg;
      continue;
    }
    const auto value = is_glued ? arg : arg + 1;
    if (value == args.end()) {
      return false;
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    ::setenv("ZCCACHE_ENDPOINT", *value + (is_glued ? kOption.size() + 1 : 0), 1);
    arg = args.erase(arg, value + 1);
  }
  return true;
}

// A command that has the option itself, or runs another command, reads it by itself.
bool reads_endpoint(const cli::Command& command) {
  const cli::Usage usage = cli::read_usage(command.usage);
  const std::vector<cli::Option> options = usage.options();
  return usage.is_for_command() ||
         std::ranges::find(options, "--endpoint", &cli::Option::name) != options.end();
}

int run_command(const cli::Command& command, cli::Args words) {
  std::vector<const char*> args(words.begin(), words.end());
  if (!args.empty() && std::string_view(args.front()) == "--help") {
    return cli::show_usage(command.name);
  }
  if (!reads_endpoint(command) && !take_endpoint(args)) {
    return cli::refuse_with_usage(command.name);
  }
  const Result<lifecycle::Locations> locations = lifecycle::locate(
      ::getenv, ZCCACHE_VERSION, os::working_directory().value_or("/"), os::user_id());
  if (!locations) {
    cli::print_note(str_cat("zccache: ", locations.error().message));
    return cli::kFailed;
  }
  const lifecycle::Caller caller = {
      .locations = *locations, .version = full_version(), .environment = os::environment()};
  return command.run(caller, args);
}

int run_words(std::span<const char* const> words) {
  if (words.empty()) {
    (void)run_command(*cli::find_command("help"), {});
    return cli::kFailed;
  }
  if (const cli::Command* command = cli::find_command(words.front())) {
    return run_command(*command, words.subspan(1));
  }
  const bool is_missing = words.size() > 1 && words.front() == kNotFoundWord;
  const cli::Advice advice =
      is_missing ? cli::advise_on_missing(words[1]) : cli::advise_on(words.front());
  cli::print_note(advice.text);
  return advice.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> args(argv, static_cast<std::size_t>(argc));
  const int exit_code = run_words(args.subspan(args.empty() ? 0 : 1));
  if (const int err = cli::output_error(); err != 0 && exit_code == cli::kDone) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    cli::print_note(str_cat("zccache: cannot write to standard output: ", std::strerror(err)));
    return cli::kFailed;
  }
  return exit_code;
}
