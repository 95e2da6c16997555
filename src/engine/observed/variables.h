// Variables of the environment that need rules of their own in an observed run.
//
// Thread: any; no state.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "codec/digest.h"
#include "engine/request_environment.h"

namespace zc::engine {

// What the loader and the C library read without a call that could be seen: they are in the key
// (ld.so(8), locale(7), tzset(3)). LD_LIBRARY_PATH and LC_* are, too, by rules of their own
// (rust/key.cc).
inline constexpr std::array<std::string_view, 27> kSilentVariables = {
    "GCONV_PATH",
    "GETCONF_DIR",
    "GLIBC_TUNABLES",
    "LANG",
    "LANGUAGE",
    "LD_ASSUME_KERNEL",
    "LD_AUDIT",
    "LD_BIND_NOT",
    "LD_BIND_NOW",
    "LD_DEBUG",
    "LD_DEBUG_OUTPUT",
    "LD_DYNAMIC_WEAK",
    "LD_ORIGIN_PATH",
    "LD_PRELOAD",
    "LD_PROFILE",
    "LD_SHOW_AUXV",
    "LD_TRACE_LOADED_OBJECTS",
    "LD_VERBOSE",
    "LD_WARN",
    "LOCPATH",
    "MALLOC_PERTURB_",
    "MUSL_LOCPATH",
    "NLSPATH",
    "OUTPUT_CHARSET",
    "POSIXLY_CORRECT",
    "TZ",
    "TZDIR",
};
static_assert(std::ranges::is_sorted(kSilentVariables));

// What linkers read: where their temporary files go, and how messages look in a terminal.
inline constexpr std::array<std::string_view, 5> kLinkerVariables = {"COLUMNS", "TEMP", "TERM",
                                                                     "TMP", "TMPDIR"};

// By which compilers decide how messages look in a terminal. Elsewhere they look at TERM alone, and
// make nothing of it.
inline constexpr std::array<std::string_view, 4> kTerminalVariables = {"COLORTERM", "COLUMNS",
                                                                       "TERM", "VTE_VERSION"};

// Through which descriptors a build counts its jobs: they differ from build to build.
inline constexpr std::array<std::string_view, 3> kJobVariables = {"CARGO_MAKEFLAGS", "MAKEFLAGS",
                                                                  "MFLAGS"};

// Our own settings.
inline constexpr std::string_view kOwnPrefix = "ZCCACHE_";

// What CI services set anew for each run. Cargo takes in the whole environment, but makes something
// only of what its reference lists ("Environment Variables"), and none of these are in that.
inline constexpr std::string_view kReadByCargo = "cargo";
inline constexpr std::array<std::string_view, 8> kCiPrefixes = {
    "BUILDKITE_", "BUILD_", "CIRCLE_", "CI_", "GITHUB_", "GITLAB_", "JENKINS_", "RUNNER_",
};

// What shells set for themselves. Emscripten's tools take in the whole environment, but make
// something only of what they name: none of these, nor of what a CI service sets.
inline constexpr std::string_view kReadByEmscripten = "emscripten";
// Of a compile that writes no directory, not of PWD either.
inline constexpr std::string_view kReadByEmscriptenAnywhere = "emscripten, anywhere";
inline constexpr std::string_view kNameOfDirectory = "PWD";
inline constexpr std::array<std::string_view, 6> kShellVariables = {
    "MAKELEVEL", "MAKE_TERMERR", "MAKE_TERMOUT", "OLDPWD", "SHLVL", "_",
};

// Adds to a key what no observed run reports: the silent variables, and LC_*, which the C library
// reads for itself as well.
void add_silent_variables(codec::KeyHasher& key, const RequestEnvironment& env);

constexpr bool is_linker_variable(std::string_view name) {
  return std::ranges::find(kLinkerVariables, name) != kLinkerVariables.end();
}

constexpr bool is_terminal_variable(std::string_view name) {
  return std::ranges::find(kTerminalVariables, name) != kTerminalVariables.end();
}

constexpr bool is_of_ci(std::string_view name) {
  return std::ranges::any_of(kCiPrefixes,
                             [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// Whether `reader`, which takes in the whole environment, makes nothing of a variable.
constexpr bool is_unread_by(std::string_view reader, std::string_view name) {
  const bool is_anywhere = reader == kReadByEmscriptenAnywhere;
  return (!reader.empty() && is_of_ci(name)) || (is_anywhere && name == kNameOfDirectory) ||
         ((is_anywhere || reader == kReadByEmscripten) &&
          std::ranges::find(kShellVariables, name) != kShellVariables.end());
}

// Whether a variable is never a fact, nor part of the environment as a whole: it shapes no result.
constexpr bool is_uncounted_variable(std::string_view name) {
  return std::ranges::find(kJobVariables, name) != kJobVariables.end() ||
         name.starts_with(kOwnPrefix);
}

}  // namespace zc::engine
