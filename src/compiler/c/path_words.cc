#include "compiler/c/path_words.h"

#include <algorithm>
#include <array>

namespace zc::compiler::c {

namespace {

constexpr std::array<std::string_view, 6> kPathOptions = {"-I",       "-idirafter", "-imacros",
                                                          "-include", "-iquote",    "-isystem"};

constexpr std::string_view kFileMap = "-ffile-prefix-map=";
constexpr std::string_view kDebugMap = "-fdebug-prefix-map=";
constexpr std::string_view kMacroMap = "-fmacro-prefix-map=";

// Beginnings of words, after -f and perhaps "no-". clang hashes the name of the source for
// -funique-internal-linkage-names; gcc matches names for -finstrument-functions-exclude-….
constexpr std::array<std::string_view, 22> kHidingFeatures = {
    "canon-prefix-map",
    "coverage",
    "debug-compilation-dir",
    "debug-types-section",
    "exec-charset",
    "fat-lto-objects",
    "file-compilation-dir",
    "input-charset",
    "instrument-functions-exclude-file-list",
    "lto",
    "ms-",
    "openmp",
    "profile",
    "pseudo-probe",
    "randomize-layout",
    "sanitize",
    "split-lto-unit",
    "trapv-handler",
    "unified-lto",
    "unique-internal-linkage-names",
    "wide-exec-charset",
    "xray",
};

}  // namespace

std::optional<std::size_t> path_in_word(std::string_view word) {
  if (const auto map = prefix_map_in_word(word)) {
    return static_cast<std::size_t>(map->from.data() - word.data());
  }
  const std::size_t end = word.find('\0');
  const bool is_path_option =
      end != std::string_view::npos &&
      std::ranges::find(kPathOptions, word.substr(0, end)) != kPathOptions.end();
  return is_path_option ? std::optional(end + 1) : std::nullopt;
}

std::optional<PrefixMap> prefix_map_in_word(std::string_view word) {
  for (const std::string_view option : {kFileMap, kDebugMap, kMacroMap}) {
    if (word.starts_with(option)) {
      const std::string_view value = word.substr(option.size());
      return PrefixMap{.from = value.substr(0, value.find('=')),
                       .is_for_debug_information = option != kMacroMap,
                       .is_for_macros = option != kDebugMap};
    }
  }
  return std::nullopt;
}

bool hides_paths(std::string_view word) {
  if (word.starts_with("-gz")) {
    return true;
  }
  if (!word.starts_with("-f")) {
    return false;
  }
  word.remove_prefix(2);
  if (word.starts_with("no-")) {
    word.remove_prefix(3);
  }
  return std::ranges::any_of(kHidingFeatures,
                             [&](std::string_view begin) { return word.starts_with(begin); });
}

}  // namespace zc::compiler::c
