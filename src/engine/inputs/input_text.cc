#include "engine/inputs/input_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/str.h"

namespace zc::engine {

namespace {

// What is written before the name, by the number of a kind.
constexpr std::array<std::string_view, 26> kWords = {
    "",  // kFile
    "",  // kAbsence
    "variable ",
    "variable ",  // kTrackedVariable
    "variable ",  // kPathVariable
    "the environment",
    "program on PATH ",
    "directory ",
    "names in ",
    "crates in ",
    "symlink ",
    "metadata of ",
    "real path of ",
    "listing of ",
    "directory of ",
    "the directories of the command",
    "",  // kPlainFile
    "which are one file of ",
    "time of access of ",
    "form of the dep-info ",
    "the terminal",
    "absence of ",
    "what the command writes over at ",
    "time of ",
    "the day of ",
    "the module that is written over at ",
};
static_assert(kWords.size() == static_cast<std::size_t>(store::kLastInputKind) + 1);

}  // namespace

std::string text_of_path(std::string_view root, std::string_view path) {
  return root.empty() ? std::string(path) : str_cat('<', root, '>', path);
}

std::string text_of(const store::Input& input) {
  std::string text =
      str_cat(kWords[static_cast<std::size_t>(input.kind)], text_of_path(input.root, input.name));
  std::ranges::replace(text, '\0', ' ');  // between the parts of a name
  return text;
}

}  // namespace zc::engine
