#include "engine/observed/relations.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace zc::engine {

namespace {

using store::InputKind;

// Paths with a NUL between, as the fact has them.
void add_same_files(const ObservedCompile& compile, const std::vector<std::string>& paths,
                    InputList& list) {
  std::string names;
  for (const std::string& path : paths) {
    if (!names.empty()) {
      names += '\0';
    }
    names += path;
  }
  list.add_fact(compile, InputKind::kSameFiles, names);
}

// That it is a directory, the fact says.
std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

}  // namespace

void relate_directories(const ObservedCompile& compile, InputList& list) {
  std::vector<std::string> directories;
  const auto is_rootless_directory = [](const store::Input& fact) {
    return fact.kind == InputKind::kDirectory && fact.root.empty();
  };
  for (const store::Input& fact : list.facts) {
    if (is_rootless_directory(fact)) {
      directories.push_back(without_slash(fact.name));
    }
  }
  std::ranges::sort(directories);
  const auto repeats = std::ranges::unique(directories);
  directories.erase(repeats.begin(), repeats.end());
  std::erase_if(list.facts, is_rootless_directory);
  if (!directories.empty()) {
    add_same_files(compile, directories, list);
  }
}

void relate_files(const ObservedCompile& compile, files::FileCache& files, InputList& list) {
  std::map<codec::Digest, std::vector<std::string>> by_digest;
  for (std::vector<ReadFile>* read : {&list.deps, &list.files}) {
    for (ReadFile& file : *read) {
      if (const auto known = files.look(compile.directory.handle(), file.path.c_str())) {
        file.known = *known;
        by_digest[known->digest].push_back(file.kept.path);
      }
    }
  }
  for (const auto& [digest, paths] : by_digest) {
    if (paths.size() > 1) {
      add_same_files(compile, paths, list);
    }
  }
}

}  // namespace zc::engine
