#include "engine/driver/archive_words.h"

#include <algorithm>

namespace zc::engine::driver {

namespace {

// Long options come first; these have their value in the next word.
constexpr std::string_view kWithValue[] = {"--plugin", "--target", "--format"};

// Members to insert beside, and the count of equal names to skip.
std::ptrdiff_t operands_before_archive(std::string_view operation) {
  constexpr std::string_view kTaking = "abiN";
  return std::ranges::count_if(kTaking, [&](char c) { return operation.contains(c); });
}

}  // namespace

std::optional<ArchiveWords> read_archive_words(const std::vector<std::string_view>& words) {
  auto word = words.begin();
  while (word != words.end() && word->starts_with("--")) {
    const bool takes_next = std::ranges::find(kWithValue, *word) != std::end(kWithValue);
    word += takes_next && words.end() - word > 1 ? 2 : 1;
  }
  if (word == words.end() || word->starts_with('@')) {
    return std::nullopt;
  }
  std::string operation(word->starts_with('-') ? word->substr(1) : *word);
  const std::ptrdiff_t archive = 1 + operands_before_archive(operation);
  return ArchiveWords{
      .operation = std::move(operation),
      .archive = words.end() - word > archive ? std::string(word[archive]) : std::string()};
}

}  // namespace zc::engine::driver
