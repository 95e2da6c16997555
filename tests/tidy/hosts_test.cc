// What only some machine or some mirror has: a tree that names it works nowhere else. Packages come
// from where the machine's own apt, cargo or pip is told to get them.
#include <filesystem>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

// The whole tree, but what was built or fetched.
const std::vector<SourceFile>& whole_tree() {
  static const std::vector<SourceFile> kFiles = [] {
    const std::set<std::string> strangers = {".git", ".cache", ".deps", "build"};
    std::vector<std::string> directories;
    std::vector<SourceFile> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(ZCCACHE_SOURCE_DIR)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_directory() && !strangers.contains(name)) {
        directories.push_back(name);
      } else if (entry.is_regular_file()) {
        files.push_back({.path = name, .lines = {read_text(name)}});
      }
    }
    const std::vector<SourceFile> deeper =
        read_files(directories, [](std::string_view) { return true; });
    files.insert(files.end(), deeper.begin(), deeper.end());
    return files;
  }();
  return kFiles;
}

Findings found(const std::regex& pattern) {
  Findings findings;
  for (const SourceFile& file : whole_tree()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      for (std::sregex_iterator it(line.begin(), line.end(), pattern), end; it != end; ++it) {
        findings.push_back(finding(file, i, it->str()));
      }
    }
  }
  return findings;
}

TEST(Hosts, NoPackageHostIsNamed) {
  // Each is spelled so that these lines do not find themselves.
  const std::regex hosts(
      "\\b(debian\\."
      "org|ubuntu\\."
      "com|crates\\."
      "io|pypi\\."
      "org|pythonhosted\\."
      "org|"
      "npmjs\\."
      "(org|com)|docker\\."
      "io|gcr\\."
      "io|rust-lang\\."
      "org|proxy\\.golang\\."
      "org|"
      "(github|gitlab|githubusercontent)\\."
      "com)\\b",
      std::regex::icase);
  EXPECT_THAT(found(hosts), IsEmpty());
}

// Links for readers, and no others; a name without a dot is nobody's.
TEST(Hosts, NothingIsFetchedByAddress) {
  const std::regex address(
      "\\b(?:https?|ftp)://(?!(?:www\\.apache\\.org|bixense\\.com|keepachangelog\\.com|"
      "no-color\\.org|semver\\.org|www\\.conventionalcommits\\.org)\\b)"
      "[A-Za-z0-9-]+\\.[A-Za-z0-9.-]+");
  EXPECT_THAT(found(address), IsEmpty());
}

// /home/me and /home/u are nobody's home.
TEST(Hosts, NoPathIsOfOneMachine) {
  const std::regex paths(
      "(^|[\\s\"'=:(`])/("
      "work/[a-z]|root/[a-z]|tmp/(wt|in)\\b|home/(?!(?:me|u|user)\\b)[a-z]|Users/[a-z])");
  EXPECT_THAT(found(paths), IsEmpty());
}

TEST(Hosts, TheTreeIsRead) {
  std::set<std::string> paths;
  for (const SourceFile& file : whole_tree()) {
    paths.insert(file.path);
  }
  EXPECT_THAT(paths, ::testing::IsSupersetOf({"dev", ".ci/run", "README.md", "docs/manual.md",
                                              "tests/support/projects.py", "bench/run"}));
}

}  // namespace
}  // namespace zc::tidy
