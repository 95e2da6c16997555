#include "config/keys.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/setting_names.h"

namespace zc::config {
namespace {

using ::testing::ElementsAreArray;

constexpr std::uint64_t kGib = std::uint64_t{1} << 30;

TEST(Keys, AreThoseThatTheClientKnows) {
  std::vector<std::string_view> names;
  for (const Key& key : keys()) {
    names.push_back(key.name);
    EXPECT_EQ(find_key(key.name), &key);
    EXPECT_EQ(find_variable(key.variable()), &key);
  }
  EXPECT_THAT(names, ElementsAreArray(kSettingNames));
  EXPECT_EQ(find_key("max"), nullptr);
  EXPECT_EQ(find_variable("ZCCACHE_MAX"), nullptr);
  EXPECT_EQ(find_variable("max_size"), nullptr);
  EXPECT_EQ(find_key("max_size")->variable(), "ZCCACHE_MAX_SIZE");
}

// What stands in for a value that is not usable must be usable itself.
TEST(Keys, TheirCarefulValuesAreUsable) {
  for (const Key& key : keys()) {
    if (!key.careful.empty()) {
      EXPECT_EQ(normal_value(key, key.careful), key.careful) << key.name;
    }
    EXPECT_FALSE(key.means.empty()) << key.name;
    EXPECT_FALSE(key.standard.empty()) << key.name;
    EXPECT_FALSE(expected(key).empty()) << key.name;
    EXPECT_EQ(key.kind == Kind::kChoice, !key.words.empty()) << key.name;
  }
}

TEST(Keys, ValuesAreMadeNormal) {
  const Key& flag = *find_key("recache");
  for (const char* text : {"1", "true", "YES", " on "}) {
    EXPECT_EQ(normal_value(flag, text), "yes") << text;
  }
  for (const char* text : {"0", "False", "no", "off"}) {
    EXPECT_EQ(normal_value(flag, text), "no") << text;
  }
  EXPECT_EQ(normal_value(flag, "maybe"), std::nullopt);
  EXPECT_EQ(normal_value(*find_key("links"), " never "), "never");
  EXPECT_EQ(normal_value(*find_key("links"), "sometimes"), std::nullopt);
  EXPECT_EQ(expected(*find_key("links")), "never, measure, auto or always");
  EXPECT_EQ(normal_value(*find_key("verify"), "1/0"), std::nullopt);
  EXPECT_EQ(normal_value(*find_key("cache_buster"), " any "), " any ");
}

TEST(Keys, TheBolderOfTwoValuesIsKnown) {
  const auto is_bolder = [](const char* name, const char* one, const char* other) {
    return boldness(*find_key(name), one) > boldness(*find_key(name), other);
  };
  EXPECT_TRUE(is_bolder("links", "always", "never"));
  EXPECT_TRUE(is_bolder("cache_failures", "yes", "no"));
  EXPECT_TRUE(is_bolder("read_only", "no", "yes"));
  EXPECT_TRUE(is_bolder("disable", "no", "yes"));
  EXPECT_TRUE(is_bolder("verify", "1/100", "1/10"));
  EXPECT_TRUE(is_bolder("verify", "0", "1/10"));
  EXPECT_TRUE(is_bolder("path_remap", "auto", "off"));
  EXPECT_TRUE(is_bolder("min_compile_time", "0", "1ms"));
  EXPECT_TRUE(is_bolder("min_compile_time", "999ms", "1s"));
}

TEST(ParseSize, UnitsArePowersOf1024) {
  EXPECT_EQ(parse_size("1"), 1U);
  EXPECT_EQ(parse_size("1B"), 1U);
  EXPECT_EQ(parse_size("500M"), 500U << 20);
  for (const char* text : {"5G", "5g", "5GB", "5GiB", "5Gi", " 5 GB ", "5gib"}) {
    EXPECT_EQ(parse_size(text), 5 * kGib) << text;
  }
  EXPECT_EQ(parse_size("1K"), 1024U);
  EXPECT_EQ(parse_size("1T"), 1024 * kGib);
  EXPECT_EQ(parse_size("2P"), kGib * 2 * 1024 * 1024);
}

TEST(ParseSize, RefusesTheRest) {
  for (const char* text : {"", "G", "0", "0G", "-1G", "1.5G", "1X", "1GG", "1GiBs", "1 2G", "five",
                           "18446744073709551616", "17179869184G"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(ParseSeconds, HasBounds) {
  EXPECT_EQ(parse_seconds("0"), 0);
  EXPECT_EQ(parse_seconds("3600"), 3600);
  for (const char* text : {"", "-1", "1.5", "1h", "99999999999999"}) {
    EXPECT_EQ(parse_seconds(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, HasAUnit) {
  EXPECT_EQ(parse_duration_ms("0"), 0U);
  EXPECT_EQ(parse_duration_ms("0ms"), 0U);
  EXPECT_EQ(parse_duration_ms("50ms"), 50U);
  EXPECT_EQ(parse_duration_ms(" 2 s "), 2000U);
  EXPECT_EQ(parse_duration_ms("3m"), 180'000U);
  EXPECT_EQ(parse_duration_ms("1440m"), 86'400'000U);
  for (const char* text : {"", "50", "ms", "-1s", "1.5s", "1h", "1sec", "1441m", "86400001ms",
                           "99999999999999999999s", "18446744073709551615s"}) {
    EXPECT_EQ(parse_duration_ms(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace zc::config
