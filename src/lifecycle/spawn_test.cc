#include "lifecycle/spawn.h"

#include <algorithm>

namespace zc::lifecycle {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr long kPid = 77;

std::vector<std::string> environment_of(std::vector<const char*> variables) {
  variables.push_back(nullptr);
  lifecycle::Locations locations;
  locations.top_root = "/cache";
  locations.endpoint = "/cache/v1/d.sock";
  return daemon_environment(
      {.locations = locations, .version = "1.0.0", .environment = variables.data()}, kPid);
}

std::size_t count_of(const std::vector<std::string>& environment, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      environment, [&](const std::string& entry) { return entry.starts_with(name + "="); }));
}

TEST(DaemonEnvironment, StartsALineage) {
  const std::vector<std::string> env = environment_of({});
  EXPECT_THAT(env, Contains("RUNNING_PROCESS_ORIGINATOR=zccache-cli:77"));
  EXPECT_THAT(env, Contains("ZCCACHE_LINEAGE=77"));
  EXPECT_THAT(env, Contains("ZCCACHE_PARENT_PID=77"));
  EXPECT_THAT(env, Contains("ZCCACHE_CLIENT_PID=77"));
}

TEST(DaemonEnvironment, ContinuesALineage) {
  const std::vector<std::string> env = environment_of(
      {"ZCCACHE_LINEAGE=5>6", "RUNNING_PROCESS_ORIGINATOR=make:1", "ZCCACHE_CLIENT_PID=6"});
  EXPECT_THAT(env, Contains("ZCCACHE_LINEAGE=5>6>77"));
  EXPECT_THAT(env, Contains("RUNNING_PROCESS_ORIGINATOR=make:1"));
  EXPECT_EQ(count_of(env, "ZCCACHE_LINEAGE"), 1U);
  EXPECT_EQ(count_of(env, "ZCCACHE_CLIENT_PID"), 1U);
  EXPECT_EQ(count_of(env, "RUNNING_PROCESS_ORIGINATOR"), 1U);
}

TEST(DaemonEnvironment, HasOurSettingsAndNothingElse) {
  const std::vector<std::string> env = environment_of(
      {"ZCCACHE_MAX_SIZE=1G", "ZCCACHE_LOG=debug", "LD_PRELOAD=libfaketime.so", "FAKETIME=+1d",
       "LD_LIBRARY_PATH=/l", "LD_AUDIT=a", "TOKEN=s3cr3t", "GLIBC_TUNABLES=x", "MALLOC_ARENA_MAX=1",
       "PATH=/bin", "TMPDIR=/t", "HOME=/h", "LANG=C", "ZCCACHE=no", "XZCCACHE_LOG=no", "odd"});
  EXPECT_THAT(env, Contains("ZCCACHE_MAX_SIZE=1G"));
  EXPECT_THAT(env, Contains("ZCCACHE_LOG=debug"));
  for (const std::string& entry : env) {
    EXPECT_TRUE(entry.starts_with("ZCCACHE_") || entry.starts_with("RUNNING_PROCESS_ORIGINATOR="))
        << entry;
  }
}

TEST(DaemonEnvironment, DoesNotRepeatItself) {
  const std::vector<std::string> env = environment_of({"ZCCACHE_LINEAGE=5>77"});
  EXPECT_THAT(env, Contains("ZCCACHE_LINEAGE=5>77"));
  EXPECT_EQ(count_of(env, "ZCCACHE_LINEAGE"), 1U);
}

TEST(DaemonEnvironment, WhatIsNotTextCountsAsUnset) {
  const std::vector<std::string> env =
      environment_of({"RUNNING_PROCESS_ORIGINATOR=\xff", "ZCCACHE_LINEAGE=\xff"});
  EXPECT_THAT(env, Contains("RUNNING_PROCESS_ORIGINATOR=zccache-cli:77"));
  EXPECT_THAT(env, Contains("ZCCACHE_LINEAGE=77"));
}

TEST(DaemonEnvironment, LocationsDoNotDependOnTheWorkingDirectory) {
  const std::vector<std::string> env =
      environment_of({"ZCCACHE_CACHE_DIR=relative", "ZCCACHE_ENDPOINT=d.sock"});
  EXPECT_THAT(env, Contains("ZCCACHE_CACHE_DIR=/cache"));
  EXPECT_THAT(env, Contains("ZCCACHE_ENDPOINT=/cache/v1/d.sock"));
  EXPECT_THAT(env, Not(Contains(HasSubstr("relative"))));
}

// The daemon gets no HOME, so it is told where its user's file of settings is.
TEST(DaemonEnvironment, NamesTheUsersFileOfSettings) {
  EXPECT_THAT(environment_of({"HOME=/h"}),
              Contains("ZCCACHE_CONFIG=/h/.config/zccache/config.toml"));
  EXPECT_THAT(environment_of({"HOME=/h", "XDG_CONFIG_HOME=/x"}),
              Contains("ZCCACHE_CONFIG=/x/zccache/config.toml"));
  const std::vector<std::string> given = environment_of({"HOME=/h", "ZCCACHE_CONFIG=/own.toml"});
  EXPECT_THAT(given, Contains("ZCCACHE_CONFIG=/own.toml"));
  EXPECT_EQ(count_of(given, "ZCCACHE_CONFIG"), 1U);
  EXPECT_EQ(count_of(environment_of({}), "ZCCACHE_CONFIG"), 0U);
}

TEST(Variable, NeedsTheWholeName) {
  const char* const environment[] = {"PATHS=no", "PAT=no", "PATH=yes", "PATH=late", nullptr};
  EXPECT_STREQ(variable(environment, "PATH"), "yes");
  EXPECT_EQ(variable(environment, "PA"), nullptr);
  EXPECT_EQ(variable(environment, "PATH="), nullptr);
}

}  // namespace
}  // namespace zc::lifecycle
