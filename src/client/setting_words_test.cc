#include "client/setting_words.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::client {
namespace {

int taken(std::vector<std::string> words) {
  std::vector<char*> out;
  for (std::string& word : words) {
    out.push_back(word.data());
  }
  return take_setting_words(out);
}

std::string_view variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  return view_or_empty(std::getenv(name));
}

TEST(SettingWords, SetVariablesUpToTheCompiler) {
  EXPECT_EQ(taken({"recache=yes", "cache_buster=a=b", "gcc", "links=never"}), 2);
  EXPECT_EQ(variable("ZCCACHE_RECACHE"), "yes");
  EXPECT_EQ(variable("ZCCACHE_CACHE_BUSTER"), "a=b");
  EXPECT_EQ(variable("ZCCACHE_LINKS"), "");
  EXPECT_EQ(taken({"recache=", "gcc"}), 1);
  EXPECT_EQ(variable("ZCCACHE_RECACHE"), "");
}

TEST(SettingWords, AreTheNamesOfSettingsAndNothingElse) {
  for (const char* word : {"gcc", "recach=1", "RECACHE=1", "=1", "recache", "./recache=1", ""}) {
    EXPECT_EQ(taken({word, "gcc"}), 0) << word;
  }
  EXPECT_EQ(taken({}), 0);
}

}  // namespace
}  // namespace zc::client
