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

// A path as the fact has it. One below a root, which has the working directory below it as well,
// is told from there: two of them are the same file here if they are so in any other place of the
// root.
std::string told_from_cwd(const ObservedCompile& compile, std::string_view root,
                          const std::string& path) {
  if (root.empty()) {
    return path;
  }
  const std::string directory = compile.roots.directory_of(root).value_or(std::string());
  std::string out = ".";
  const std::string_view way = std::string_view(compile.cwd).substr(directory.size());
  for (std::ptrdiff_t up = std::ranges::count(way, '/'); up > 0; --up) {
    out += "/..";
  }
  return out + path;
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
  const auto is_directory = [](const store::Input& fact) {
    return fact.kind == InputKind::kDirectory;
  };
  for (const store::Input& fact : list.facts) {
    if (is_directory(fact)) {
      directories.push_back(told_from_cwd(compile, fact.root, without_slash(fact.name)));
    }
  }
  std::ranges::sort(directories);
  const auto repeats = std::ranges::unique(directories);
  directories.erase(repeats.begin(), repeats.end());
  std::erase_if(list.facts, is_directory);
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
        by_digest[known->digest].push_back(told_from_cwd(compile, file.kept.root, file.kept.path));
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
