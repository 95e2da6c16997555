// Family: compilers that share an option table and habits. The name of a driver does not say its
// family (cc may be gcc or clang); what it prints for --version does.
//
// Thread: values; no state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zc::compiler::c {

enum class Family : std::uint8_t {
  kGcc,
  kClang,
  kClangOld,  // clang up to 14: as kClang, but it writes depfiles with -MP differently
};

// From what `--version` printed, in plain English. Nothing when it is neither gcc nor clang.
std::optional<Family> family_from_version(std::string_view version_output);

// Whether the compiler, of which `--version` printed this, has -fmacro-prefix-map: since gcc 8 and
// clang 10.
bool maps_prefixes(std::string_view version_output);

}  // namespace zc::compiler::c
