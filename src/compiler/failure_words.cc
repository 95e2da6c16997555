#include "compiler/failure_words.h"

#include <algorithm>
#include <array>
#include <system_error>

namespace zc::compiler {

namespace {

constexpr std::array<std::string_view, 13> kNotOfSources = {
    "can't",         "cannot open", "cannot write", "could not", "error reading",
    "error writing", "exceed",      "exhausted",    "internal",  "limit",
    "out of memory", "too many",    "unable to",
};

// As the C library words errors of the system.
bool words_system_error(std::string_view text) {
  constexpr int kErrnoMax = 133;
  for (int error = 1; error <= kErrnoMax; ++error) {
    const bool is_missing = std::errc(error) == std::errc::no_such_file_or_directory;
    if (!is_missing && text.contains(std::generic_category().message(error))) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool may_be_of_machine(std::string_view text) {
  return std::ranges::any_of(kNotOfSources, [&](auto part) { return text.contains(part); }) ||
         words_system_error(text);
}

}  // namespace zc::compiler
