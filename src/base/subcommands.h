// What makes `zccache <word>` a command of zccache-cli rather than a compiler to wrap.
//
// A user reaches a compiler with one of these names by its path. zccache-cli implements each word;
// a test compares the two lists.
//
// Thread: constants.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace zc {

inline constexpr auto kSubcommands = std::to_array<std::string_view>({
    "help",          "start",          "stop",        "kill",
    "status",        "clear",          "cache",       "cache-root",
    "config",        "crashes",        "exec",        "run",
    "wrap",          "explain",        "report",      "top",
    "session-start", "session-stats",  "session-end", "release-handles",
    "analyze",       "engine-profile", "doctor",      "setup",
    "man",           "completion",     "zero",
});

// With it, the client hands over a word that is neither a command nor a program on PATH.
inline constexpr std::string_view kNotFoundWord = "--not-found";

// Compares the whole word, with case. An option in the place of a compiler is for zccache-cli as
// well, be it only to say what it may have been meant for.
constexpr bool is_subcommand(std::string_view word) {
  return word.starts_with('-') || std::ranges::find(kSubcommands, word) != kSubcommands.end();
}

}  // namespace zc
