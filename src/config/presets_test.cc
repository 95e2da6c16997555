#include "config/presets.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "config/file.h"

namespace zc::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A key that is not here must not get into a preset by the way.
TEST(Presets, SayWhatIsSharedAndKeptAndNothingElse) {
  const std::set<std::string_view> of_sharing_and_keeping = {"cache_failures", "idle_timeout_secs",
                                                             "links", "max_size", "path_remap"};
  const std::vector<std::string> names = split_words(find_key(kPresetKey)->words, " ");
  std::set<std::string> used = {"none"};
  for (const PresetValue& row : preset_values()) {
    EXPECT_THAT(of_sharing_and_keeping, Contains(row.key));
    EXPECT_EQ(normal_value(*find_key(row.key), row.value), row.value) << row.key;
    EXPECT_THAT(names, Contains(row.preset));
    EXPECT_EQ(preset_value(row.preset, *find_key(row.key)), row.value);
    used.emplace(row.preset);
  }
  EXPECT_EQ(used, std::set<std::string>(names.begin(), names.end()));
  EXPECT_EQ(preset_value("none", *find_key("links")), std::nullopt);
  EXPECT_EQ(preset_value("ci", *find_key("links")), std::nullopt);
}

TEST(Presets, OfAFileCountBelowWhatItSaysByItself) {
  const File file = parse_file("/f", "links = \"auto\"\n\npreset = \"small\"\n", Owner::kUser);
  std::vector<std::string> entries;
  for (const Entry& entry : file.entries) {
    entries.push_back(str_cat(entry.key->name, '=', entry.value, ' ', entry.line));
  }
  EXPECT_THAT(entries, ElementsAre("preset=small 3", "cache_failures=no 3", "links=never 3",
                                   "max_size=2G 3", "links=auto 1"));
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_EQ(parse_file("/f", "preset = \"ci\"", Owner::kProject).entries.size(), 0U);
  const File wrong = parse_file("/f", "preset = [1]\n", Owner::kUser);
  EXPECT_EQ(wrong.problems.size(), 1U);
  EXPECT_EQ(wrong.entries.size(), 1U) << "none";
}

TEST(Presets, AreThoseOfTheManual) {
  const std::ifstream file(str_cat(ZCCACHE_SOURCE_DIR, "/docs/manual.md"));
  std::stringstream manual;
  manual << file.rdbuf();
  std::map<std::string_view, std::string> rows;
  for (const PresetValue& row : preset_values()) {
    std::string& cell = rows[row.preset];
    str_append(cell, cell.empty() ? "" : ", ", '`', row.key, " = ", row.value, '`');
  }
  for (const auto& [preset, cell] : rows) {
    EXPECT_THAT(manual.str(), ::testing::HasSubstr(str_cat("\n| `", preset, "` | ", cell, " |\n")));
  }
}

}  // namespace
}  // namespace zc::config
