#include "compiler/c/family.h"

#include "base/result.h"
#include "base/str.h"

namespace zc::compiler::c {

std::optional<Family> family_from_version(std::string_view version_output) {
  constexpr std::string_view kClangVersion = "clang version ";
  constexpr std::uint64_t kFirstNewClang = 15;
  const std::string_view first = version_output.substr(0, version_output.find('\n'));
  if (const std::size_t at = first.find(kClangVersion); at != std::string_view::npos) {
    const std::string_view number = first.substr(at + kClangVersion.size());
    TRY_ASSIGN(const std::uint64_t major,
               parse_u64(number.substr(0, number.find_first_not_of("0123456789"))));
    return major < kFirstNewClang ? Family::kClangOld : Family::kClang;
  }
  // gcc's first line begins with the name it was called by, which may be anything; the licence
  // that follows is always the same.
  if (version_output.find("Free Software Foundation, Inc.") != std::string_view::npos) {
    return Family::kGcc;
  }
  return std::nullopt;
}

}  // namespace zc::compiler::c
