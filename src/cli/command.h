// A subcommand: its interface, and the table of all subcommands.
//
// Exit codes: 0 done, 1 failed, 2 wrong arguments. Results for people and scripts go to standard
// output, notes about what the command did to standard error.
//
// Thread: main.
#pragma once

#include <span>
#include <string_view>

#include "lifecycle/caller.h"

namespace zc::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsageError = 2;
// As of a shell: a program that cannot be run, or is not there.
inline constexpr int kCannotRun = 126;
inline constexpr int kNotThere = 127;

using Args = std::span<const char* const>;  // after the subcommand's name

struct Command {
  std::string_view name;
  std::string_view help;   // one line
  std::string_view usage;  // what `--help` behind the name prints, lines with their ends
  int (*run)(const lifecycle::Caller& caller, Args args);
};

// In the order of the help text. Aliases are not among them.
std::span<const Command> commands();

// The entry for a word, an alias (among them options of other caches), or an option that means a
// command; nullptr if there is none.
const Command* find_command(std::string_view word);

// Prints how the command is used. As an answer to a mistake, it goes to standard error.
int show_usage(std::string_view name);
int refuse_with_usage(std::string_view name);

// Each returns an exit code, and has printed its messages by then.
int start(const lifecycle::Caller& caller, Args args);
int stop(const lifecycle::Caller& caller, Args args);
int status(const lifecycle::Caller& caller, Args args);
int cache(const lifecycle::Caller& caller, Args args);
int cache_root(const lifecycle::Caller& caller, Args args);
int config(const lifecycle::Caller& caller, Args args);
int clear(const lifecycle::Caller& caller, Args args);
int crashes(const lifecycle::Caller& caller, Args args);
int exec(const lifecycle::Caller& caller, Args args);
int explain(const lifecycle::Caller& caller, Args args);
int report(const lifecycle::Caller& caller, Args args);
int analyze(const lifecycle::Caller& caller, Args args);
int engine_profile(const lifecycle::Caller& caller, Args args);
int session_start(const lifecycle::Caller& caller, Args args);
int session_stats(const lifecycle::Caller& caller, Args args);
int session_end(const lifecycle::Caller& caller, Args args);
int release_handles(const lifecycle::Caller& caller, Args args);
int top(const lifecycle::Caller& caller, Args args);
int run(const lifecycle::Caller& caller, Args args);
int zero(const lifecycle::Caller& caller, Args args);
int wrap(const lifecycle::Caller& caller, Args args);
int doctor(const lifecycle::Caller& caller, Args args);
int setup(const lifecycle::Caller& caller, Args args);
int man(const lifecycle::Caller& caller, Args args);
int completion(const lifecycle::Caller& caller, Args args);
int help(const lifecycle::Caller& caller, Args args);
int version(const lifecycle::Caller& caller, Args args);

}  // namespace zc::cli
