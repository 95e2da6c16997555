// A case that expects anything can't fail for what the cache does.
#include <algorithm>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

// The reader of cases holds the same rule, for the cases that run here; this one sees those, too,
// whose compiler is not installed.
TEST(Cases, AnOutcomeThatMayBeAnyHasItsReason) {
  const std::regex any("([a-z_ ]+, *)*any *(,[^:]*)?:.*");
  const std::vector<SourceFile> cases =
      read_files({"tests/cases"}, [](std::string_view path) { return path.ends_with("/case"); });
  ASSERT_GT(cases.size(), 100U);
  Findings findings;
  for (const SourceFile& file : cases) {
    const bool has_reason = std::ranges::any_of(
        file.lines, [](const std::string& line) { return line.starts_with("reason: "); });
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (!has_reason && std::regex_match(file.lines[i], any)) {
        findings.push_back(finding(file, i, file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
