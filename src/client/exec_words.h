// The words of `zccache exec [options] -- COMMAND …`: where the command begins, and what the client
// itself needs to know of the options. The daemon reads them (engine/command/options.h).
//
// Thread: values.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace zc::client {

struct ExecWords {
  std::span<char* const> options;
  std::size_t command = 0;        // the index of its name among the words
  std::string_view endpoint;      // of the daemon to ask; empty: the usual one
  bool takes_input_list = false;  // standard input is a list of input files
};

inline constexpr std::string_view kExecUsage =
    "usage: zccache exec [options] -- COMMAND [arguments]\n"
    "Runs a command whose result may come from the cache. What it reads and writes is observed; "
    "the\n"
    "options declare what goes beyond that.\n"
    "  --input-file FILE        also depends on this file (may be repeated)\n"
    "  --input-file-list FILE   ... on each file that a line of FILE names\n"
    "  --input-file-stdin       ... on each file that a line of standard input names\n"
    "  --input-env NAME         ... on this variable\n"
    "  --input-extra TEXT       ... on this text\n"
    "  --output-file FILE       must be there after the command\n"
    "  --output-stdout[=false]  whether a hit prints what the command printed (default: true)\n"
    "  --output-stderr[=false]  the same for standard error\n"
    "  --depfile FILE           also depends on what this Make rule, written by it, lists\n"
    "  --include-scan FILE      also depends on what FILE includes, as C has it; found in\n"
    "    --include-dir DIR, --system-include DIR, --iquote-dir DIR\n"
    "  --tool-hash HEX          64 digits that stand for the program in place of its content\n"
    "  --key-args-filter RE     arguments in which this expression is found do not matter\n"
    "  --no-cwd-in-key          the same result serves other directories\n"
    "  --no-cache               run, without the cache\n"
    "  --non-deterministic      the same, for a command that does not repeat its results\n"
    "  --endpoint PATH          the daemon's socket\n";

// `words` follow `exec`. Nothing is looked up: without a `--`, or with nothing behind it, `command`
// is the number of words.
ExecWords read_exec_words(std::span<char* const> words);

}  // namespace zc::client
