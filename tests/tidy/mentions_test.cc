// What comments, pages and the build mention exists: files, pages, decisions. A name that leads
// nowhere costs a reader's time and trust, and no compiler complains about it.
//
// A comment names a file by its path from its own directory, from one of the directories above
// that, or as an include does. Examples have one letter (a.cc, inc/x.h), or are quoted as in a
// source ("two.h").
//
// The changelog and the decisions (docs/adr) are history: they keep the names that files had then.
#include <algorithm>
#include <array>
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

bool is_history(const SourceFile& file) {
  return file.path == "CHANGELOG.md" || file.path.starts_with("docs/adr/");
}

// What `line` says to people: all of a page, the comment of a source.
std::string prose_of(const SourceFile& file, const std::string& line) {
  if (file.path.ends_with(".md")) {
    return line;
  }
  const fs::path extension = fs::path(file.path).extension();
  const bool has_slashes = extension == ".cc" || extension == ".h" || extension == ".fbs";
  const std::size_t begin = line.find(has_slashes ? "//" : "#");
  return begin == std::string::npos ? std::string() : line.substr(begin);
}

// Calls `check(file, line number, prose)` for all of sources and pages that is not history.
template <class Check>
void for_all_prose(const Check& check) {
  for (const auto* files : {&text_files(), &pages()}) {
    for (const SourceFile& file : *files) {
      for (std::size_t i = 0; i < file.lines.size() && !is_history(file); ++i) {
        check(file, i, prose_of(file, file.lines[i]));
      }
    }
  }
}

bool exists_seen_from(const SourceFile& file, const std::string& name) {
  for (fs::path from = fs::path(file.path).parent_path();; from = from.parent_path()) {
    if (fs::exists(kTop / from / name)) {
      return true;
    }
    if (from.empty()) {
      break;
    }
  }
  constexpr std::array<const char*, 3> kRoots = {"src", "tests", "docs"};
  return std::ranges::any_of(kRoots,
                             [&](const char* root) { return fs::exists(kTop / root / name); });
}

bool is_example(const std::string& name) {
  const std::string stem = fs::path(name).stem().string();
  return stem.size() == 1;
}

// Not ours: the headers of the kernel and of the C library.
bool is_of_the_system(const std::string& name) {
  return name.starts_with("linux/") || name.starts_with("sys/");
}

TEST(Mentions, FilesExist) {
  const std::regex name_pattern(
      "(?:^|[^A-Za-z0-9_./<>$\"*{}-])((?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_-]+"
      "\\.(?:h|cc|fbs|cmake|py|md))(?![A-Za-z0-9_*/])");
  // Below a directory of ours, whatever the name ends with; directories, too.
  const std::regex path_pattern(
      "(?:^|[^A-Za-z0-9_./<>$\"*{}-])"
      "((?:src|tests|docs|bench|cmake|schema|\\.ci)/[A-Za-z0-9_./"
      "-]*[A-Za-z0-9_])(?![A-Za-z0-9_]|\\.?[*{<$])");
  Findings findings;
  std::size_t names = 0;
  for_all_prose([&](const SourceFile& file, std::size_t i, const std::string& prose) {
    for (const std::regex* pattern : {&name_pattern, &path_pattern}) {
      for (std::sregex_iterator it(prose.begin(), prose.end(), *pattern), end; it != end; ++it) {
        const std::string name = (*it)[1];
        ++names;
        if (!is_example(name) && !is_of_the_system(name) && !exists_seen_from(file, name)) {
          findings.push_back(finding(file, i, "there is no " + name));
        }
      }
    }
  });
  EXPECT_THAT(findings, IsEmpty());
  EXPECT_GT(names, 200U);
}

TEST(Mentions, LinksOfPagesLeadSomewhere) {
  const std::regex link("\\]\\(([A-Za-z0-9_./-]+)(?:#[a-z0-9-]+)?\\)");
  Findings findings;
  for (const SourceFile& file : pages()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      for (std::sregex_iterator it(line.begin(), line.end(), link), end; it != end; ++it) {
        if (!fs::exists(kTop / fs::path(file.path).parent_path() / (*it)[1].str())) {
          findings.push_back(finding(file, i, "there is no " + (*it)[1].str()));
        }
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Mentions, DecisionsExist) {
  std::set<int> decisions;
  for (const auto& entry : fs::directory_iterator(kTop / "docs/adr")) {
    decisions.insert(std::atoi(entry.path().filename().c_str()));
  }
  const std::regex decision("\\bADR ([0-9]+)");
  Findings findings;
  for_all_prose([&](const SourceFile& file, std::size_t i, const std::string& prose) {
    for (std::sregex_iterator it(prose.begin(), prose.end(), decision), end; it != end; ++it) {
      if (!decisions.contains(std::stoi((*it)[1]))) {
        findings.push_back(finding(file, i, "there is no " + (*it)[0].str()));
      }
    }
  });
  EXPECT_THAT(findings, IsEmpty());
}

// CMake removes a file that is not there from a list without a word.
TEST(Mentions, FilesThatTheBuildNamesExist) {
  const std::regex named(
      "\\$\\{CMAKE_(CURRENT_)?SOURCE_DIR\\}/([A-Za-z0-9_./-]+\\.[a-z]+)(?![*$<])");
  Findings findings;
  std::size_t names = 0;
  for (const SourceFile& file : text_files()) {
    if (file.name() != "CMakeLists.txt" && !file.path.ends_with(".cmake")) {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      for (std::sregex_iterator it(line.begin(), line.end(), named), end; it != end; ++it) {
        const fs::path from = (*it)[1].matched ? fs::path(file.path).parent_path() : fs::path();
        ++names;
        if (!fs::exists(kTop / from / (*it)[2].str())) {
          findings.push_back(finding(file, i, "there is no " + (*it)[2].str()));
        }
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
  EXPECT_GT(names, 3U);
}

}  // namespace
}  // namespace zc::tidy
