#include "cli/command.h"

#include <algorithm>
#include <array>

#include "cli/request.h"
#include "cli/usage.h"
#include "cli/usage_parts.h"

namespace zc::cli {

namespace {

constexpr std::array kCommands = {
    Command{"start", "start the daemon if none runs", kUsageOfStart, start},
    Command{"stop", "stop the daemon (also: kill)", kUsageOfStop, stop},
    Command{"status", "show the figures of the cache; --json for scripts", kUsageOfStatus, status},
    Command{"zero", "set the figures to zero", kUsageOfZero, zero},
    Command{"explain", "say what happened to a command, and why", kUsageOfExplain, explain},
    Command{"report", "make a page, a summary or a trace of a build", kUsageOfReport, report},
    Command{"session-start", "begin a session: a build with figures, log and journal of its own",
            kUsageOfSessionStart, session_start},
    Command{"session-stats", "show the figures of a session", kUsageOfSessionStats, session_stats},
    Command{"session-end", "end a session, and show its figures", kUsageOfSessionEnd, session_end},
    Command{"analyze", "show what a journal says of a build", kUsageOfAnalyze, analyze},
    Command{"engine-profile", "show where the time of a session that profiles went",
            kUsageOfEngineProfile, engine_profile},
    Command{"release-handles", "end the sessions of a directory, so that it can be removed",
            kUsageOfReleaseHandles, release_handles},
    Command{"top", "show what compiles, and what comes of it, as it happens", kUsageOfTop, top},
    Command{"cache", "show what the cache takes on the disk: cache size, cache list", kUsageOfCache,
            cache},
    Command{"cache-root", "show where the cache is", kUsageOfCacheRoot, cache_root},
    Command{"config", "show all settings and where they come from; config get, config set",
            kUsageOfConfig, config},
    Command{"clear", "remove everything that is cached", kUsageOfClear, clear},
    Command{"crashes", "show what crashed daemons left behind; --clear removes it", kUsageOfCrashes,
            crashes},
    Command{"wrap", "compile, also with a compiler that has the name of a command", kUsageOfWrap,
            wrap},
    Command{"exec", "run any command, from the cache if possible; --help lists its options",
            kUsageOfExec, exec},
    Command{"run", "run a build whose compilers, linkers, archivers and linters are served",
            kUsageOfRun, run},
    Command{"doctor", "examine the set-up; --fix mends what it may", kUsageOfDoctor, doctor},
    Command{"setup", "make links in the place of compilers: setup shims", kUsageOfSetup, setup},
    Command{"man", "print the manual page", kUsageOfMan, man},
    Command{"completion", "print a script by which bash, zsh or fish completes zccache",
            kUsageOfCompletion, completion},
    Command{"help", "show this text", kUsageOfHelp, help},
    Command{"--version", "print the version", kUsageOfVersion, version},
};

// The options are those by which ccache and sccache know these commands.
struct Alias {
  std::string_view word;
  std::string_view name;
};
constexpr std::array kAliases = {
    Alias{"kill", "stop"},
    Alias{"--help", "help"},
    Alias{"-h", "help"},
    Alias{"-V", "--version"},
    Alias{"-s", "status"},
    Alias{"--show-stats", "status"},
    Alias{"-sv", "status"},
    Alias{"-svv", "status"},
    Alias{"--show-adv-stats", "status"},
    Alias{"-C", "clear"},
    Alias{"--clear", "clear"},
    Alias{"--start-server", "start"},
    Alias{"--stop-server", "stop"},
    Alias{"-p", "config"},
    Alias{"--show-config", "config"},
    Alias{"-z", "zero"},
    Alias{"--zero-stats", "zero"},
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

int show_usage(std::string_view name) {
  const std::string_view usage = find_command(name)->usage;
  print_out(usage);
  if (!read_usage(usage).is_for_command()) {
    print_out(kUsageOfAll);
  }
  return kDone;
}

int refuse_with_usage(std::string_view name) {
  const std::string_view usage = find_command(name)->usage;
  print_note(usage.substr(0, usage.size() - 1));
  return kUsageError;
}

}  // namespace zc::cli
