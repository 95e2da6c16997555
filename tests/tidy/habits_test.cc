// Sizes, names and things left behind; and tests that nobody would run.
#include <algorithm>
#include <filesystem>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

constexpr std::size_t kLinesMax = 800;
constexpr std::size_t kColumnsMax = 100;

// Lines in which `pattern` is found.
Findings lines_with(const std::regex& pattern, const std::vector<SourceFile>& files) {
  Findings findings;
  for (const SourceFile& file : files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (std::regex_search(file.lines[i], pattern)) {
        findings.push_back(finding(file, i, file.lines[i]));
      }
    }
  }
  return findings;
}

// Code points, not bytes: a dash or an arrow in a comment is one column.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST(Habits, LinesFitTheScreen) {
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (columns(file.lines[i]) > kColumnsMax) {
        findings.push_back(finding(file, i, file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Habits, FilesHoldOneIdea) {
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (file.lines.size() > kLinesMax) {
      findings.push_back(file.path + ": " + std::to_string(file.lines.size()) + " lines");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Habits, NothingIsLeftForLater) {
  // Spelled so that this line does not find itself.
  EXPECT_THAT(lines_with(std::regex("\\b(TO"
                                    "DO|FIX"
                                    "ME|XX"
                                    "X|HA"
                                    "CK)\\b"),
                         text_files()),
              IsEmpty());
}

TEST(Habits, NamesSayWhatIsInside) {
  const std::regex vague("(^|_)(utils?|common|helpers?|managers?|misc|stuff)(_|\\.|$)");
  Findings findings;
  for (const SourceFile& file : text_files()) {
    for (const std::filesystem::path& part : std::filesystem::path(file.path)) {
      if (std::regex_search(part.string(), vague)) {
        findings.push_back(file.path);
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// Tables and drawings in comments are made by hand; reflowed, they are nonsense.
TEST(Habits, TheFormatterLeavesCommentsAlone) {
  EXPECT_THAT(read_text(".clang-format"), testing::ContainsRegex("(^|\n)ReflowComments: false\n"));
}

TEST(Habits, HeadersSayWhatTheyAreFor) {
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (!file.is_header()) {
      continue;
    }
    if (file.lines.empty() || !file.lines[0].starts_with("// ")) {
      findings.push_back(file.path + ": does not open with a comment");
    }
    if (std::ranges::find(file.lines, "#pragma once") == file.lines.end()) {
      findings.push_back(file.path + ": lacks #pragma once");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// A header that only its own source and tests include belongs to code that nothing calls.
TEST(Habits, EveryHeaderHasAUser) {
  const auto stem = [](const std::string& path) { return path.substr(0, path.rfind('.')); };
  std::set<std::string> used;
  for (const SourceFile& file : cxx_files()) {
    for (const std::string& line : file.lines) {
      const std::string name = included_name(line);
      if (!file.is_test() && stem("src/" + name) != stem(file.path)) {
        used.insert("src/" + name);
      }
    }
  }
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    const bool is_ours = file.is_header() && !file.layer().empty();
    if (is_ours && !file.path.ends_with("_fixture.h") && !used.contains(file.path)) {
      findings.push_back(file.path);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Habits, NothingThrows) {
  Findings findings;
  for (const std::string& line : lines_with(std::regex("^[^/\"]*\\bthrow\\b"), cxx_files())) {
    if (!line.starts_with("tests/tidy/")) {
      findings.push_back(line);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Habits, UnitTestsAreNeitherSwitchedOffNorAsleep) {
  std::vector<SourceFile> tests = cxx_files();
  std::erase_if(tests,
                [](const SourceFile& file) { return file.layer().empty() || !file.is_test(); });
  EXPECT_THAT(
      lines_with(std::regex("DISABLED_|\\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\\("),
                 tests),
      IsEmpty());
}

// The binary that `source` is compiled into, by the build's compile commands; empty: none.
std::string binary_of(const std::string& commands, const std::string& source) {
  const std::size_t file = commands.find("\"file\": \"" ZCCACHE_SOURCE_DIR "/" + source + "\"");
  if (file == std::string::npos) {
    return {};
  }
  // The command comes before the file: "... -o <directory>/CMakeFiles/<binary>.dir/<source>.o ...".
  const std::size_t object = commands.rfind(" -o ", file);
  constexpr std::string_view kDirectory = "CMakeFiles/";
  const std::size_t begin = commands.find(kDirectory, object) + kDirectory.size();
  return commands.substr(begin, commands.find(".dir/", begin) - begin);
}

// A test file that no binary contains, or a binary that CTest does not know, tests nothing.
TEST(Habits, EveryTestIsRunByCTest) {
  const std::string build = ZCCACHE_BINARY_DIR;
  const std::string commands = read_text(build + "/compile_commands.json");
  ASSERT_FALSE(commands.empty());
  std::string ctest;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(build)) {
    if (entry.path().extension() == ".cmake" &&
        entry.path().string().find("CMakeFiles") == std::string::npos) {
      ctest += read_text(entry.path());
    }
  }
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (!file.is_test()) {
      continue;
    }
    const std::string binary = binary_of(commands, file.path);
    if (binary.empty()) {
      findings.push_back(file.path + ": is not compiled");
    } else if (ctest.find("/" + binary + "\"") == std::string::npos) {
      findings.push_back(file.path + ": no CTest test runs " + binary);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
