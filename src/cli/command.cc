#include "cli/command.h"

#include <algorithm>
#include <array>

namespace zc::cli {

namespace {

constexpr std::array kCommands = {
    Command{"start", "start the daemon if none runs", start},
    Command{"stop", "stop the daemon (also: kill)", stop},
    Command{"status", "show what the daemon has counted; --json for scripts", status},
    Command{"clear", "remove everything that is cached", clear},
    Command{"crashes", "show what crashed daemons left behind; --clear removes it", crashes},
    Command{"exec", "run any command, from the cache if possible; --help lists its options", exec},
    Command{"run", "run a build whose compilers, linkers and archivers are served", run},
    Command{"help", "show this text", help},
    Command{"--version", "print the version", version},
};

struct Alias {
  std::string_view word;
  std::string_view name;
};
constexpr std::array kAliases = {
    Alias{"kill", "stop"},
    Alias{"--help", "help"},
    Alias{"-h", "help"},
    Alias{"-V", "--version"},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* find_command(std::string_view word) {
  const auto* const alias = std::ranges::find(kAliases, word, &Alias::word);
  const std::string_view name = alias == kAliases.end() ? word : alias->name;
  const auto* const command = std::ranges::find(kCommands, name, &Command::name);
  return command == kCommands.end() ? nullptr : command;
}

}  // namespace zc::cli
