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
#include <string_view>

namespace zc::wire {

// They shape the object or the messages: their values enter the key. Sorted, as the next.
inline constexpr std::array<std::string_view, 24> kKeyVariables = {
    "CLANG_NO_DEFAULT_CONFIG",
    "CLICOLOR_FORCE",
    "COMPILER_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "GCC_COLORS",
    "GCC_EXEC_PREFIX",
    "GCC_EXTRA_DIAGNOSTIC_OUTPUT",
    "GCC_URLS",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "MACOSX_DEPLOYMENT_TARGET",
    "NO_COLOR",
    "OBJCPLUS_INCLUDE_PATH",
    "OBJC_INCLUDE_PATH",
    "SDKROOT",
    "SOURCE_DATE_EPOCH",
    "TERM_URLS",
};

// They add outputs or inputs that are not modelled: when one is set, the compile is not cached.
inline constexpr std::array<std::string_view, 13> kBypassVariables = {
    "CCC_OVERRIDE_OPTIONS",
    "CC_LOG_DIAGNOSTICS",
    "CC_PRINT_HEADERS",
    "CC_PRINT_INTERNAL_STAT",
    "CC_PRINT_OPTIONS",
    "CC_PRINT_PROC_STAT",
    "CLANG_CONFIG_FILE_SYSTEM_DIR",
    "CLANG_CONFIG_FILE_USER_DIR",
    "CLANG_CRASH_DIAGNOSTICS_DIR",
    "CXX_MODULE_MAPPER",
    "DEPENDENCIES_OUTPUT",
    "GCC_COMPARE_DEBUG",
    "SUNPRO_DEPENDENCIES",
};
static_assert(std::ranges::is_sorted(kKeyVariables) && std::ranges::is_sorted(kBypassVariables));

// The variable that lists the programs which the client has become and which may call it again
// (client/nesting.h); and its value while the daemon runs a program to identify it: a program that
// calls a client then is not a compiler.
inline constexpr const char* kNestedVariable = "ZCCACHE_NESTED";
inline constexpr std::string_view kNestedInProbe = "probe";

}  // namespace zc::wire
