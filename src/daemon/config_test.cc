#include "daemon/config.h"

#include <map>

namespace zc::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kGib = std::uint64_t{1} << 30;

Config config_of(const std::map<std::string, std::string>& variables,
                 std::uint64_t disk_bytes = 400 * kGib) {
  const lifecycle::Environment env = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  return read_config(env, {.total_bytes = disk_bytes, .free_bytes = disk_bytes});
}

TEST(Config, Defaults) {
  const Config config = config_of({{"ZCCACHE_MAX_SIZE", ""}});
  EXPECT_EQ(config.idle_timeout_secs, 3600);
  EXPECT_EQ(config.log_level, log::Level::kInfo);
  EXPECT_EQ(config.size_bytes_max, 20 * kGib);
  EXPECT_EQ(config.free_bytes_min, 40 * kGib);
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(Config, DefaultSizeHasBounds) {
  EXPECT_EQ(config_of({}, kGib).size_bytes_max, 5 * kGib);
  EXPECT_EQ(config_of({}, 5000 * kGib).size_bytes_max, 50 * kGib);
}

TEST(Config, ReadsItsVariables) {
  const Config config = config_of(
      {{"ZCCACHE_MAX_SIZE", "3G"}, {"ZCCACHE_IDLE_TIMEOUT_SECS", " 0 "}, {"ZCCACHE_LOG", "debug"}});
  EXPECT_EQ(config.size_bytes_max, 3 * kGib);
  EXPECT_EQ(config.idle_timeout_secs, 0);
  EXPECT_EQ(config.log_level, log::Level::kDebug);
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(Config, BadValuesGiveTheDefaultAndAWarning) {
  const Config config = config_of(
      {{"ZCCACHE_MAX_SIZE", "huge"}, {"ZCCACHE_IDLE_TIMEOUT_SECS", "-1"}, {"ZCCACHE_LOG", "loud"}});
  EXPECT_EQ(config.size_bytes_max, 20 * kGib);
  EXPECT_EQ(config.idle_timeout_secs, 3600);
  EXPECT_EQ(config.log_level, log::Level::kInfo);
  EXPECT_THAT(config.warnings,
              ElementsAre(HasSubstr("ZCCACHE_IDLE_TIMEOUT_SECS=-1"),
                          HasSubstr("ZCCACHE_MAX_SIZE=huge"), HasSubstr("ZCCACHE_LOG=loud")));
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
  EXPECT_EQ(parse_size("2P"), 2 * 1024 * 1024 * kGib);
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

}  // namespace
}  // namespace zc::daemon
