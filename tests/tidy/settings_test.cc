// A setting that the manual does not list is one that its users do not find.
#include <algorithm>
#include <cctype>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;

std::vector<std::string> setting_names() {
  const std::string text = read_text("src/base/setting_names.h");
  const std::regex name("\"([a-z_]+)\",");
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it) {
    out.push_back((*it)[1]);
  }
  return out;
}

TEST(Settings, TheManualHasEachKeyAndItsVariable) {
  const std::vector<std::string> names = setting_names();
  ASSERT_GT(names.size(), 15U);
  const std::string manual = read_text("docs/manual.md");
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    std::string variable = "ZCCACHE_" + name;
    std::ranges::transform(variable, variable.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const std::string& row : {"\n| `" + name + "` |", "\n| `" + variable + "` |"}) {
      if (manual.find(row) == std::string::npos) {
        missing.push_back(row);
      }
    }
  }
  EXPECT_THAT(missing, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
