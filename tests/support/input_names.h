// Inputs as short texts and back, for tests:
//
//   "/w/a.h"  "@deps/liba.rlib"       a file or absence; below the root "deps"
//   "env/HOME"  "names/@deps/sub"     a fact: its kind, a slash, and what it is about
//
// Thread: any.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/inputs/request_context.h"
#include "store/store.h"

namespace zc::test {

inline constexpr std::array<std::pair<store::InputKind, std::string_view>, 19> kFactKinds = {{
    {store::InputKind::kVariable, "env"},       {store::InputKind::kTrackedVariable, "tracked"},
    {store::InputKind::kPathVariable, "path"},  {store::InputKind::kEnvironment, "environment"},
    {store::InputKind::kProgram, "which"},      {store::InputKind::kDirectory, "directory"},
    {store::InputKind::kNames, "names"},        {store::InputKind::kCrateNames, "crates"},
    {store::InputKind::kLink, "link"},          {store::InputKind::kMetadata, "metadata"},
    {store::InputKind::kRealPath, "real"},      {store::InputKind::kListing, "listing"},
    {store::InputKind::kRoot, "root"},          {store::InputKind::kSpelledPaths, "paths"},
    {store::InputKind::kSameFiles, "same"},     {store::InputKind::kTimeOfAccess, "accessed"},
    {store::InputKind::kDepInfoForm, "form"},   {store::InputKind::kTerminal, "terminal"},
    {store::InputKind::kOtherModule, "module"},
}};

// Of "env/HOME". Nothing: there is no such kind.
inline std::optional<store::Input> fact_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  for (const auto& [kind, word] : kFactKinds) {
    if (slash == std::string_view::npos || word != text.substr(0, slash)) {
      continue;
    }
    std::string_view about = text.substr(slash + 1);
    store::Input out = {.kind = kind};
    if (about.starts_with('@')) {
      const std::size_t end = about.find('/');
      out.root = about.substr(1, end == std::string_view::npos ? end : end - 1);
      about.remove_prefix(out.root.size() + 1);
    }
    out.name = about;
    return out;
  }
  return std::nullopt;
}

inline std::string name_of(const store::Input& input) {
  const std::string path = input.root.empty() ? input.name : "@" + input.root + input.name;
  for (const auto& [kind, word] : kFactKinds) {
    if (kind == input.kind) {
      return "fact:" + std::string(word) + "/" + path;
    }
  }
  return path;
}

}  // namespace zc::test
