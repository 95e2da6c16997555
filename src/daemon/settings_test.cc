#include "daemon/settings.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"
#include "support/mem_file_system.h"

namespace zc::daemon {
namespace {

using compiler::Reason;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kGibOfSize = std::uint64_t{1} << 30;

class DaemonSettingsTest : public ::testing::Test {
 protected:
  void user(const std::string& text) {
    fs_.write("/home/me/.config/zccache/config.toml", text);
    fs_.tick();
  }

  // What the request's environment is after files have been put in; or the reason.
  std::vector<std::string> applied(std::vector<std::string_view> env) {
    env.emplace_back("HOME=/home/me");
    wire::CompileRequest request;
    request.env = std::move(env);
    request.cwd = "/w";
    request.takes_failures = true;
    std::deque<std::string> texts;
    const auto usable = settings_.apply(request, texts);
    if (!usable) {
      return {std::string(compiler::text_of(usable.error().reason).id), usable.error().detail};
    }
    takes_failures_ = request.takes_failures;
    std::vector<std::string> out(request.env.begin(), request.env.end());
    std::erase(out, "HOME=/home/me");
    return out;
  }

  test::MemFileSystem fs_;
  config::Files files_{fs_};
  const os::Fd file_{::memfd_create("log", MFD_CLOEXEC)};
  const log::Log log_{log::Level::kWarn, file_.get()};
  std::map<std::string, std::string> variables_ = {{"HOME", "/home/me"}};
  Settings settings_{files_,
                     {.env =
                          [this](const char* name) {
                            const auto found = variables_.find(name);
                            return found == variables_.end() ? nullptr : found->second.c_str();
                          }},
                     log_};
  bool takes_failures_ = false;
};

TEST_F(DaemonSettingsTest, AChangedFileCountsWithoutARestart) {
  EXPECT_FALSE(settings_.refresh());
  user("max_size = \"7G\"\nidle_timeout_secs = 5");
  EXPECT_TRUE(settings_.refresh());
  EXPECT_EQ(settings_.current().size_bytes_max, 7 * kGibOfSize);
  EXPECT_EQ(settings_.current().idle_timeout_secs, 5);
  EXPECT_FALSE(settings_.refresh());
  variables_["ZCCACHE_MAX_SIZE"] = "8G";
  EXPECT_TRUE(settings_.refresh());
  EXPECT_EQ(settings_.current().size_bytes_max, 8 * kGibOfSize);
  EXPECT_EQ(settings_.variables().dump_line(), "{\"max_size\":\"8G\"}");
}

TEST_F(DaemonSettingsTest, FilesCountBelowTheRequest) {
  user("links = \"never\"\nrecache = true\ncache_failures = false\nmax_size = \"1G\"");
  EXPECT_THAT(applied({"A=b"}), ElementsAre("A=b", "ZCCACHE_LINKS=never", "ZCCACHE_RECACHE=yes",
                                            "ZCCACHE_CACHE_FAILURES=no"));
  EXPECT_FALSE(takes_failures_);
  EXPECT_THAT(applied({"ZCCACHE_LINKS=auto", "ZCCACHE_RECACHE=0", "ZCCACHE_CACHE_FAILURES=1"}),
              ElementsAre("ZCCACHE_LINKS=auto", "ZCCACHE_RECACHE=0", "ZCCACHE_CACHE_FAILURES=1"));
  EXPECT_TRUE(takes_failures_);
}

TEST_F(DaemonSettingsTest, AnEmptyVariableIsNone) {
  user("links = \"never\"");
  EXPECT_THAT(applied({"ZCCACHE_LINKS=", "Z=1"}), ElementsAre("ZCCACHE_LINKS=never", "Z=1"));
}

TEST_F(DaemonSettingsTest, AVariableThatIsNotUsableGivesTheCarefulValueAndIsReportedOnce) {
  EXPECT_THAT(applied({"ZCCACHE_READ_ONLY=perhaps", "ZCCACHE_VERIFY=always"}),
              ElementsAre("ZCCACHE_READ_ONLY=yes", "ZCCACHE_VERIFY=0"));
  (void)applied({"ZCCACHE_READ_ONLY=perhaps"});
  EXPECT_THAT(settings_.warnings(),
              ElementsAre(HasSubstr("ZCCACHE_READ_ONLY=perhaps is not usable; expected yes or no; "
                                    "using yes"),
                          HasSubstr("ZCCACHE_VERIFY=always is not usable; expected 1/N")));
  const std::string log = os::read_from_start(file_.get(), 4096).value_or("none");
  EXPECT_EQ(std::ranges::count(log, '\n'), 2) << log;
}

TEST_F(DaemonSettingsTest, APresetCountsBelowVariablesAndOverFiles) {
  user("links = \"always\"\ncache_buster = \"a\"\npreset = \"worktrees\"");
  EXPECT_THAT(
      applied({"ZCCACHE_PRESET=small", "ZCCACHE_CACHE_FAILURES=yes"}),
      ElementsAre("ZCCACHE_PRESET=small", "ZCCACHE_CACHE_FAILURES=yes", "ZCCACHE_LINKS=never",
                  "ZCCACHE_MAX_SIZE=2G", "ZCCACHE_PATH_REMAP=auto", "ZCCACHE_CACHE_BUSTER=a"));
  EXPECT_TRUE(takes_failures_);
  EXPECT_THAT(applied({}), ElementsAre("ZCCACHE_PRESET=worktrees", "ZCCACHE_PATH_REMAP=auto",
                                       "ZCCACHE_LINKS=always", "ZCCACHE_CACHE_BUSTER=a"));
}

TEST_F(DaemonSettingsTest, AFileThatCannotBeUnderstoodStopsCaching) {
  user("extra_files = 3");
  EXPECT_THAT(applied({}),
              ElementsAre("bad_configuration", HasSubstr("config.toml:1: extra_files")));
  EXPECT_THAT(settings_.warnings(), Contains(HasSubstr("config.toml:1: extra_files")));
}

TEST_F(DaemonSettingsTest, AFileMaySwitchOff) {
  user("disable = true");
  EXPECT_THAT(applied({}), ElementsAre("disabled", ""));
  EXPECT_THAT(applied({"ZCCACHE_DISABLE=0"}), ElementsAre("ZCCACHE_DISABLE=0"));
  user("");
  EXPECT_THAT(applied({"ZCCACHE_DISABLE=perhaps"}), ElementsAre("disabled", ""));
}

}  // namespace
}  // namespace zc::daemon
