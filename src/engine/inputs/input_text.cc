#include "engine/inputs/input_text.h"

#include "base/str.h"

namespace zc::engine {

namespace {

// What is written before the name.
std::string_view words_of(store::InputKind kind) {
  switch (kind) {
    case store::InputKind::kFile:
    case store::InputKind::kAbsence:
      return "";
    case store::InputKind::kVariable:
    case store::InputKind::kTrackedVariable:
    case store::InputKind::kPathVariable:
      return "variable ";
    case store::InputKind::kEnvironment:
      return "the environment";
    case store::InputKind::kProgram:
      return "program on PATH ";
    case store::InputKind::kDirectory:
      return "directory ";
    case store::InputKind::kNames:
      return "names in ";
    case store::InputKind::kCrateNames:
      return "crates in ";
    case store::InputKind::kLink:
      return "symlink ";
    case store::InputKind::kMetadata:
      return "metadata of ";
    case store::InputKind::kRealPath:
      return "real path of ";
    case store::InputKind::kListing:
      return "listing of ";
    case store::InputKind::kRoot:
      return "directory of ";
    case store::InputKind::kSpelledPaths:
      return "the directories of the command";
  }
  return "";
}

}  // namespace

std::string text_of_path(std::string_view root, std::string_view path) {
  return root.empty() ? std::string(path) : str_cat('<', root, '>', path);
}

std::string text_of(const store::Input& input) {
  return str_cat(words_of(input.kind), text_of_path(input.root, input.name));
}

}  // namespace zc::engine
