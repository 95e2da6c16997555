// The environment of a compile. The client sends all of it: macros, plugins and linkers may read
// any variable, and only the run shows which ones they read. The daemon keeps digests of values,
// never values. What gcc and clang do with the variables listed here is known before the run.
//
// Sources: "Environment Variables Affecting GCC" in the GCC manual, clang's command guide,
// ld.so(8).
//
// Thread: constants.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace zc::wire {

enum class EnvironmentUse : std::uint8_t {
  kKey,     // shapes the object or the messages: its value enters the key
  kBypass,  // adds outputs or inputs that are not modelled: when set, the compile is not cached
};

struct EnvironmentVariable {
  std::string_view name;
  EnvironmentUse use;
};

// Sorted by name, for people; look-ups go through all of it.
inline constexpr std::array kEnvironment = {
    EnvironmentVariable{"CCC_OVERRIDE_OPTIONS", EnvironmentUse::kBypass},
    EnvironmentVariable{"CC_LOG_DIAGNOSTICS", EnvironmentUse::kBypass},
    EnvironmentVariable{"CC_PRINT_HEADERS", EnvironmentUse::kBypass},
    EnvironmentVariable{"CC_PRINT_INTERNAL_STAT", EnvironmentUse::kBypass},
    EnvironmentVariable{"CC_PRINT_OPTIONS", EnvironmentUse::kBypass},
    EnvironmentVariable{"CC_PRINT_PROC_STAT", EnvironmentUse::kBypass},
    EnvironmentVariable{"CLANG_CONFIG_FILE_SYSTEM_DIR", EnvironmentUse::kBypass},
    EnvironmentVariable{"CLANG_CONFIG_FILE_USER_DIR", EnvironmentUse::kBypass},
    EnvironmentVariable{"CLANG_CRASH_DIAGNOSTICS_DIR", EnvironmentUse::kBypass},
    EnvironmentVariable{"CLANG_NO_DEFAULT_CONFIG", EnvironmentUse::kKey},
    EnvironmentVariable{"CLICOLOR_FORCE", EnvironmentUse::kKey},
    EnvironmentVariable{"COMPILER_PATH", EnvironmentUse::kKey},
    EnvironmentVariable{"CPATH", EnvironmentUse::kKey},
    EnvironmentVariable{"CPLUS_INCLUDE_PATH", EnvironmentUse::kKey},
    EnvironmentVariable{"C_INCLUDE_PATH", EnvironmentUse::kKey},
    EnvironmentVariable{"DEPENDENCIES_OUTPUT", EnvironmentUse::kBypass},
    EnvironmentVariable{"GCC_COLORS", EnvironmentUse::kKey},
    EnvironmentVariable{"GCC_COMPARE_DEBUG", EnvironmentUse::kBypass},
    EnvironmentVariable{"GCC_EXEC_PREFIX", EnvironmentUse::kKey},
    EnvironmentVariable{"GCC_EXTRA_DIAGNOSTIC_OUTPUT", EnvironmentUse::kKey},
    EnvironmentVariable{"GCC_URLS", EnvironmentUse::kKey},
    EnvironmentVariable{"LANG", EnvironmentUse::kKey},
    EnvironmentVariable{"LANGUAGE", EnvironmentUse::kKey},
    EnvironmentVariable{"LC_ALL", EnvironmentUse::kKey},
    EnvironmentVariable{"LC_CTYPE", EnvironmentUse::kKey},
    EnvironmentVariable{"LC_MESSAGES", EnvironmentUse::kKey},
    EnvironmentVariable{"LD_LIBRARY_PATH", EnvironmentUse::kKey},
    EnvironmentVariable{"LD_PRELOAD", EnvironmentUse::kKey},
    EnvironmentVariable{"MACOSX_DEPLOYMENT_TARGET", EnvironmentUse::kKey},
    EnvironmentVariable{"NO_COLOR", EnvironmentUse::kKey},
    EnvironmentVariable{"OBJCPLUS_INCLUDE_PATH", EnvironmentUse::kKey},
    EnvironmentVariable{"OBJC_INCLUDE_PATH", EnvironmentUse::kKey},
    EnvironmentVariable{"SDKROOT", EnvironmentUse::kKey},
    EnvironmentVariable{"SOURCE_DATE_EPOCH", EnvironmentUse::kKey},
    EnvironmentVariable{"SUNPRO_DEPENDENCIES", EnvironmentUse::kBypass},
    EnvironmentVariable{"TERM_URLS", EnvironmentUse::kKey},
};

// The variable that lists the programs which the client has become and which may call it again
// (client/nesting.h); and its value while the daemon runs a program to identify it: a program that
// calls a client then is not a compiler.
inline constexpr const char* kNestedVariable = "ZCCACHE_NESTED";
inline constexpr std::string_view kNestedInProbe = "probe";

// The entry for the name of "NAME=VALUE", or nullptr.
constexpr const EnvironmentVariable* find_variable(std::string_view assignment) {
  const std::string_view name = assignment.substr(0, assignment.find('='));
  const auto* const found = std::ranges::find(kEnvironment, name, &EnvironmentVariable::name);
  return found == kEnvironment.end() ? nullptr : found;
}

}  // namespace zc::wire
