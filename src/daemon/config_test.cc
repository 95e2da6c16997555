#include "daemon/config.h"

#include <map>

namespace zc::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kGib = std::uint64_t{1} << 30;

Config config_of(const std::map<std::string, std::string>& variables,
                 const std::vector<config::Setting>& from_files = {},
                 std::uint64_t disk_bytes = 400 * kGib) {
  const lifecycle::Environment env = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  return read_config(env, from_files, {.total_bytes = disk_bytes, .free_bytes = disk_bytes});
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
  EXPECT_EQ(config_of({}, {}, kGib).size_bytes_max, 5 * kGib);
  EXPECT_EQ(config_of({}, {}, 5000 * kGib).size_bytes_max, 50 * kGib);
}

TEST(Config, ReadsItsVariables) {
  const Config config = config_of(
      {{"ZCCACHE_MAX_SIZE", "3G"}, {"ZCCACHE_IDLE_TIMEOUT_SECS", " 0 "}, {"ZCCACHE_LOG", "debug"}});
  EXPECT_EQ(config.size_bytes_max, 3 * kGib);
  EXPECT_EQ(config.idle_timeout_secs, 0);
  EXPECT_EQ(config.log_level, log::Level::kDebug);
  EXPECT_THAT(config.warnings, IsEmpty());
}

// The variable wins, also with a value that is not usable.
TEST(Config, FilesCountBelowVariables) {
  const std::vector<config::Setting> files = {
      {.key = config::find_key("max_size"), .value = "2G"},
      {.key = config::find_key("idle_timeout_secs"), .value = "5"},
      {.key = config::find_key("log"), .value = "warn"}};
  const Config config =
      config_of({{"ZCCACHE_IDLE_TIMEOUT_SECS", "9"}, {"ZCCACHE_LOG", "loud"}}, files);
  EXPECT_EQ(config.size_bytes_max, 2 * kGib);
  EXPECT_EQ(config.idle_timeout_secs, 9);
  EXPECT_EQ(config.log_level, log::Level::kInfo);
}

TEST(Config, APresetCountsBelowVariablesAndOverFiles) {
  const std::vector<config::Setting> files = {{.key = config::find_key("max_size"), .value = "7G"}};
  EXPECT_EQ(config_of({{"ZCCACHE_PRESET", "small"}}, files).size_bytes_max, 2 * kGib);
  EXPECT_EQ(config_of({{"ZCCACHE_PRESET", "small"}, {"ZCCACHE_MAX_SIZE", "3G"}}).size_bytes_max,
            3 * kGib);
  EXPECT_EQ(config_of({{"ZCCACHE_PRESET", "ci"}}).idle_timeout_secs, 300);
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

}  // namespace
}  // namespace zc::daemon
