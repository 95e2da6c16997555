// A reason that the manual does not explain or no test produces is one nobody has thought about.
#include <cctype>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

// Stable ids, in the order of the table in src/compiler/reason.cc.
std::vector<std::string> reason_ids() {
  const std::string text = read_text("src/compiler/reason.cc");
  const std::regex row("\\{\"([a-z_]+)\",");
  std::vector<std::string> ids;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
    ids.push_back((*it)[1]);
  }
  return ids;
}

// "two_words" -> "kTwoWords"
std::string enumerator_of(const std::string& id) {
  std::string out = "k";
  bool start_of_word = true;
  for (const char c : id) {
    if (c != '_') {
      out += start_of_word ? static_cast<char>(std::toupper(c)) : c;
    }
    start_of_word = c == '_';
  }
  return out;
}

TEST(Reasons, TheManualExplainsEachOne) {
  const std::vector<std::string> ids = reason_ids();
  ASSERT_GT(ids.size(), 20U);
  const std::string manual = read_text("docs/manual.md");
  Findings findings;
  for (const std::string& id : ids) {
    if (manual.find("| `" + id + "` |") == std::string::npos) {
      findings.push_back(id);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Reasons, ATestProducesEachOne) {
  std::string tests;
  const auto append = [&](const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files) {
      tests += read_text(file.path);
    }
  };
  append(read_files({"src"}, [](std::string_view path) { return path.ends_with("_test.cc"); }));
  append(read_files({"tests"}, [](std::string_view) { return true; }));
  Findings findings;
  for (const std::string& id : reason_ids()) {
    const std::regex mention("\\b(" + id + "|" + enumerator_of(id) + ")\\b");
    if (!std::regex_search(tests, mention)) {
      findings.push_back(id);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
