// Sizes, names and things left behind; and tests that nobody would run.
#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>

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

// The unnamed namespaces of a layer are one where its sources are compiled together, in the presets
// that inherit "unity": a constant or a type there needs a name of its own. Functions may overload.
TEST(Habits, NamesOfUnnamedNamespacesDiffer) {
  const std::regex definition(
      "^(?:constexpr [^=(]*\\b(k\\w+)(?:\\[.*\\])? = .*|(?:class|struct|enum class) (\\w+) "
      ".*\\{)$");
  std::map<std::string, std::string> first;  // binary, enclosing namespace and name -> file
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    std::string enclosing;
    bool is_unnamed = false;
    for (const std::string& line : file.is_header() ? Findings() : file.lines) {
      std::smatch match;
      if (line.starts_with("namespace zc")) {
        enclosing = line;
      } else if (line == "namespace {" || line == "}  // namespace") {
        is_unnamed = line.ends_with("{");
      } else if (is_unnamed && std::regex_match(line, match, definition)) {
        const std::string name = match[1].str() + match[2].str();
        const std::string binary = file.is_test() ? file.layer() + "_test " : file.layer() + " ";
        const auto [entry, is_new] = first.emplace(binary + enclosing + name, file.path);
        if (!is_new && entry->second != file.path && !file.layer().empty()) {
          findings.push_back(file.path + ": " + name + " is also in " + entry->second);
        }
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

// The build may have each source include it first.
bool is_included_by_build(const SourceFile& header) {
  return std::ranges::any_of(text_files(), [&](const SourceFile& file) {
    return file.name() == "CMakeLists.txt" &&
           std::ranges::any_of(file.lines, [&](const std::string& line) {
             return line.contains("FIRST " + header.path.substr(header.path.find('/') + 1));
           });
  });
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
    if (is_ours && !file.path.ends_with("_fixture.h") && !used.contains(file.path) &&
        !is_included_by_build(file)) {
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

// The binary that each source is compiled into, by the build's compile commands. A unit stands for
// the sources that it includes.
std::map<std::string, std::string> binaries_of_sources(const std::string& commands) {
  // The command comes before the file: "... -o <directory>/CMakeFiles/<binary>.dir/<source>.o ...".
  const std::regex row(" -o \\S*CMakeFiles/([^/]+)\\.dir/[^\n]*\n\\s*\"file\": \"([^\"]+)\"");
  std::map<std::string, std::string> binaries;
  for (std::sregex_iterator it(commands.begin(), commands.end(), row), end; it != end; ++it) {
    const std::string path = (*it)[2];
    binaries[path] = (*it)[1];
    if (path.find("/Unity/") != std::string::npos) {
      std::istringstream unit(read_text(path));
      for (std::string line; std::getline(unit, line);) {
        binaries[included_name(line)] = (*it)[1];
      }
    }
  }
  return binaries;
}

// A test file that no binary contains, or a binary that CTest does not know, tests nothing.
TEST(Habits, EveryTestIsRunByCTest) {
  const std::string build = ZCCACHE_BINARY_DIR;
  const auto binaries = binaries_of_sources(read_text(build + "/compile_commands.json"));
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
    const auto binary = binaries.find(ZCCACHE_SOURCE_DIR "/" + file.path);
    if (binary == binaries.end()) {
      findings.push_back(file.path + ": is not compiled");
    } else if (ctest.find("/" + binary->second + "\"") == std::string::npos) {
      findings.push_back(file.path + ": no CTest test runs " + binary->second);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
