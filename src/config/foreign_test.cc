#include "config/foreign.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "config/file.h"
#include "config/keys.h"

namespace zc::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ForeignSettings, SayWhatTheyAreHere) {
  std::set<std::string_view> names;
  for (const ForeignSetting& setting : foreign_settings()) {
    EXPECT_FALSE(setting.key.empty() && setting.variable.empty());
    EXPECT_EQ(setting.answer == Answer::kSame, find_key(setting.ours) != nullptr)
        << setting.variable;
    EXPECT_TRUE(setting.answer == Answer::kSame || !setting.text.empty()) << setting.variable;
    for (const std::string_view name : {setting.key, setting.variable}) {
      EXPECT_TRUE(name.empty() || names.insert(name).second) << name << " is there twice";
    }
    EXPECT_EQ(find_variable(setting.variable), nullptr) << setting.variable << " is ours";
  }
  EXPECT_EQ(find_foreign_key(""), nullptr);
  EXPECT_EQ(find_foreign_key("max"), nullptr);
  EXPECT_EQ(find_foreign_key("namespace")->ours, "cache_buster");
  EXPECT_EQ(find_foreign_variable("CCACHE_NAMESPACE"), find_foreign_key("namespace"));
  EXPECT_NE(find_foreign_variable("SCCACHE_S3_USE_SSL"), nullptr);
  EXPECT_EQ(find_foreign_variable("SCCACHE_S"), nullptr);
  EXPECT_EQ(explanation_of(*find_foreign_key("namespace")),
            "namespace is called cache_buster here");
}

TEST(ForeignSettings, InAFileAreExplained) {
  const File file = parse_file(
      "/f", "sloppiness = \"time_macros\"\nhard_link = true\nnamespace = \"x\"\n", Owner::kUser);
  EXPECT_THAT(file.notes, ElementsAre(HasSubstr("/f:1: sloppiness is not needed here")));
  EXPECT_THAT(file.problems, ElementsAre(HasSubstr("/f:2: hard_link: there is no hard_link here"),
                                         HasSubstr("namespace is called cache_buster here")));
  EXPECT_THAT(file.entries, IsEmpty());
}

// --- the page

constexpr std::string_view kPage = "docs/coming-from.md";

std::string name_of(std::string_view text) {
  return text.empty() ? std::string() : str_cat('`', text, '`');
}

std::string here(const ForeignSetting& setting) {
  switch (setting.answer) {
    case Answer::kSame:
      return str_cat('`', setting.ours, '`', setting.text.empty() ? "" : ": ", setting.text);
    case Answer::kNeedless:
      return str_cat("not needed: ", setting.text);
    case Answer::kNone:
      return str_cat("none: ", setting.text);
  }
  return {};
}

std::string rows_of(Cache cache) {
  std::string out = cache == Cache::kRustZccache ? "| variable | here |\n|---|---|\n"
                                                 : "| key | variable | here |\n|---|---|---|\n";
  for (const ForeignSetting& setting : foreign_settings()) {
    if (setting.cache == cache) {
      str_append(out, "| ", cache == Cache::kRustZccache ? "" : name_of(setting.key) + " | ",
                 name_of(setting.variable), " | ", here(setting), " |\n");
    }
  }
  return out;
}

std::string rows_of_sloppiness() {
  std::string out = "| word | why a hit does not need it |\n|---|---|\n";
  for (const Sloppiness& word : sloppiness_words()) {
    str_append(out, "| `", word.word, "` | ", word.text, " |\n");
  }
  return out;
}

TEST(ForeignSettings, ThePageHasTheirTables) {
  const std::ifstream file(str_cat(ZCCACHE_SOURCE_DIR, "/", kPage));
  std::stringstream page;
  page << file.rdbuf();
  for (const std::string& table : {rows_of(Cache::kCcache), rows_of_sloppiness(),
                                   rows_of(Cache::kSccache), rows_of(Cache::kRustZccache)}) {
    EXPECT_THAT(page.str(), HasSubstr("\n\n" + table + "\n")) << "put this into the page:\n"
                                                              << table;
  }
}

}  // namespace
}  // namespace zc::config
