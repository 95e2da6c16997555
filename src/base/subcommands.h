// The words that make `zccache <word>` a command of zccache-cli rather than a compiler to wrap.
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

inline constexpr std::array<std::string_view, 13> kSubcommands = {
    "help", "--help", "-h",    "--version", "-V",   "start", "stop",
    "kill", "status", "clear", "crashes",   "exec", "run"};

// Compares the whole word, with case.
constexpr bool is_subcommand(std::string_view word) {
  return std::ranges::find(kSubcommands, word) != kSubcommands.end();
}

}  // namespace zc
