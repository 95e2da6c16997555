#include "client/lifecycle_spawn.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "client/subcommands.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::client {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr long kPid = 77;

std::vector<std::string> environment_of(std::vector<const char*> variables) {
  variables.push_back(nullptr);
  wire::Locations locations;
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
  const std::vector<std::string> env = environment_of({"A=1"});
  EXPECT_THAT(env, Contains("A=1"));
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

TEST(Variable, NeedsTheWholeName) {
  const char* const environment[] = {"PATHS=no", "PAT=no", "PATH=yes", "PATH=late", nullptr};
  EXPECT_STREQ(variable(environment, "PATH"), "yes");
  EXPECT_EQ(variable(environment, "PA"), nullptr);
  EXPECT_EQ(variable(environment, "PATH="), nullptr);
}

TEST(RelocateDaemon, CopiesBytesAndMode) {
  const test::TemporaryDirectory directory;
  const std::string canonical = directory / "zccache-daemon";
  ASSERT_TRUE(os::replace_file(canonical, "program", 0700));
  ASSERT_EQ(::chmod(canonical.c_str(), 0751), 0);
  const Result<std::string> copy = relocate_daemon(canonical, directory / "a/runtime-binaries");
  ASSERT_TRUE(copy);
  EXPECT_THAT(*copy, HasSubstr("/a/runtime-binaries/zccache-daemon."));
  EXPECT_EQ(os::read_path(*copy, 100), "program");
  EXPECT_EQ(os::stat_path(*copy)->mode & 07777, 0751U);
}

TEST(RelocateDaemon, SaysThatItCannot) {
  const test::TemporaryDirectory directory;
  EXPECT_FALSE(relocate_daemon(directory / "missing", directory / "copies"));
}

TEST(Subcommands, AreKnown) {
  EXPECT_TRUE(is_subcommand("kill"));
  EXPECT_FALSE(is_subcommand("gcc"));
  EXPECT_FALSE(is_subcommand(""));
}

}  // namespace
}  // namespace zc::client
