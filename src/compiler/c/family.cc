#include "compiler/c/family.h"

#include "base/result.h"
#include "base/str.h"

namespace zc::compiler::c {

namespace {

// The first word of a line that begins with a digit, but not in parentheses, where distributors put
// theirs: "gcc (Debian 12.2.0-14) 12.2.0", "Debian clang version 14.0.6".
std::uint64_t major_version(std::string_view line) {
  int depth = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    depth += line[i] == '(' ? 1 : line[i] == ')' ? -1 : 0;
    const bool begins_word = i > 0 && line[i - 1] == ' ';
    if (depth == 0 && begins_word && line[i] >= '0' && line[i] <= '9') {
      const std::string_view number = line.substr(i);
      return parse_u64(number.substr(0, number.find_first_not_of("0123456789"))).value_or(0);
    }
  }
  return 0;
}

}  // namespace

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

bool maps_prefixes(std::string_view version_output) {
  constexpr std::uint64_t kFirstGcc = 8;
  constexpr std::uint64_t kFirstClang = 10;
  const std::optional<Family> family = family_from_version(version_output);
  const std::uint64_t version = major_version(version_output.substr(0, version_output.find('\n')));
  return family && version >= (*family == Family::kGcc ? kFirstGcc : kFirstClang);
}

}  // namespace zc::compiler::c
