#include "cli/daemon_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/keys.h"

namespace zc::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Of one setting, and what the daemon says.
std::vector<std::string> found(Source source, const char* value, const char* standing,
                               const char* key = "max_size") {
  SettingsView view;
  view.settings.push_back({.key = config::find_key(key), .value = value, .source = source});
  return differences(view, *codec::Json::parse(standing));
}

TEST(DaemonSettings, AVariableThatTheDaemonHasNotGotIsNamed) {
  EXPECT_THAT(found(Source::kVariable, "1G", R"({"variables":{}})"),
              ElementsAre(AllOf(HasSubstr("ZCCACHE_MAX_SIZE=1G does not reach"),
                                HasSubstr("started without it"),
                                HasSubstr("zccache config set max_size 1G"))));
  EXPECT_THAT(found(Source::kVariable, "1G", R"({"variables":{"max_size":"2G"}})"),
              ElementsAre(HasSubstr("started with 2G; to apply it: zccache stop")));
  EXPECT_THAT(found(Source::kVariable, "1G", R"({"variables":{"max_size":" 1G "}})"), IsEmpty());
}

TEST(DaemonSettings, AVariableOfTheDaemonCountsBeforeFiles) {
  EXPECT_THAT(found(Source::kFile, "1G", R"({"variables":{"max_size":"2G"}})"),
              ElementsAre(HasSubstr("started with ZCCACHE_MAX_SIZE=2G, which counts before")));
  EXPECT_THAT(found(Source::kFile, "1G", R"({"variables":{}})"), IsEmpty());
  EXPECT_THAT(found(Source::kDefault, "info", R"({"variables":{"log":"debug"}})", "log"),
              ElementsAre(HasSubstr("ZCCACHE_LOG=debug, which counts before default")));
}

// Others are of the command; and an older daemon says nothing.
TEST(DaemonSettings, NothingElseIsADifference) {
  EXPECT_THAT(found(Source::kVariable, "never", R"({"variables":{}})", "links"), IsEmpty());
  EXPECT_THAT(found(Source::kVariable, "1G", R"({"pid":1})"), IsEmpty());
  EXPECT_THAT(found(Source::kVariable, "1G", "null"), IsEmpty());
}

}  // namespace
}  // namespace zc::cli
