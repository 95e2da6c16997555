#include "engine/driver/plain_specs.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/str.h"

namespace zc::engine::driver {

namespace {

// Words for a program that the driver starts anyway.
bool names_words(std::string_view line) {
  constexpr std::array<std::string_view, 6> kNames = {
      "*asm:", "*cc1:", "*cc1_options:", "*cc1plus:", "*link:", "*self_spec:"};
  return std::ranges::find(kNames, line) != kNames.end();
}

// A pipe or the end of a line begins another command, a function or another spec may hold either,
// and some words have the driver start another program or read more words.
bool adds_words(std::string_view line) {
  constexpr std::array<std::string_view, 7> kMore = {
      "|", "\\", "%(", "%:", "@", "wrapper", "specs"};
  return line.starts_with('+') &&
         std::ranges::none_of(kMore, [&](std::string_view part) { return line.contains(part); });
}

}  // namespace

bool are_plain_specs(std::string_view text) {
  bool has_name = false;
  bool has_words = false;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) {
      has_name = false;
      continue;
    }
    const bool is_expected = has_name ? adds_words(line) : names_words(line);
    if (!is_expected) {
      return false;
    }
    has_words |= has_name;
    has_name = !has_name;
  }
  return has_words && !has_name;
}

}  // namespace zc::engine::driver
