// Command lines: the first byte chooses the family and driver, lines are words.
#include <cstddef>
#include <cstdint>

#include "base/str.h"
#include "compiler/c/parse.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::compiler;
  using namespace zc::compiler::c;
  if (size == 0) {
    return 0;
  }
  constexpr Family kFamilies[] = {Family::kGcc, Family::kClang, Family::kClangOld};
  const Family family = kFamilies[data[0] % 3];
  const bool is_cxx = (data[0] & 4) != 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<std::string> args;
  for (const std::string_view word : split(text, '\n')) {
    args.emplace_back(word);
  }
  const auto read_file = [&](std::string_view path) {
    return path == "r" ? std::optional<std::string>("-O2 'x y' @s") : std::nullopt;
  };
  const auto invocation = parse(family, is_cxx, args, read_file);
  if (!invocation) {
    return 0;
  }
  fuzz::require(!invocation->source.empty(), "there is a source");
  fuzz::require(!invocation->outputs.empty() && !invocation->outputs.front().path.empty(),
                "there is an output");
  fuzz::require(invocation->dep.style == DepStyle::kNone || !invocation->dep.targets.empty(),
                "a depfile has a target");
  fuzz::require(invocation->key_args.size() <= args.size() + 2, "no argument is made up");

  // One word without a row, and all words count.
  std::vector<std::string> more = {"-fno-such-option"};
  more.insert(more.end(), args.begin(), args.end());
  const auto unknown = parse(family, is_cxx, more, read_file);
  fuzz::require(unknown && unknown->is_word_for_word && unknown->key_args.size() >= more.size() &&
                    unknown->key_args.front() == more.front(),
                "a command with an unknown option is kept word for word");
  return 0;
}
