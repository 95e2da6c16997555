#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SettingsTest : public ::testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    fs_.write(path, text);
    fs_.tick();
  }
  void system(const std::string& text) { write("/etc/zccache/config.toml", text); }
  void user(const std::string& text) { write("/home/me/.config/zccache/config.toml", text); }
  void trust(const std::string& text) { write("/home/me/.config/zccache/trusted", text); }
  void project(const std::string& text) { write("/w/.zccache/config.toml", text); }

  std::vector<Layer> layers(std::string_view cwd = "/w/sub") {
    return files_.layers(
        {.config = config_, .xdg_config_home = {}, .home = "/home/me", .cwd = cwd});
  }
  // "key=value" of all that is set.
  std::vector<std::string> set(std::string_view cwd = "/w/sub") {
    std::vector<std::string> out;
    for (const Setting& setting : settings_of(layers(cwd), "/home/me")) {
      out.push_back(std::string(setting.key->name) + "=" + setting.value);
    }
    return out;
  }

  test::MemFileSystem fs_;
  Files files_{fs_};
  std::string config_;
};

TEST_F(SettingsTest, TheUsersFileCountsOverTheSystems) {
  EXPECT_THAT(set(), IsEmpty());
  system("links = \"always\"\nmax_size = \"1G\"");
  user("links = \"never\"");
  EXPECT_THAT(set(), ElementsAre("links=never", "max_size=1G"));
  const Setting links = settings_of(layers(), "/home/me").front();
  EXPECT_EQ(links.path, "/home/me/.config/zccache/config.toml");
  EXPECT_EQ(links.line, 1U);
}

TEST_F(SettingsTest, AVariableNamesAnotherFileOfTheUser) {
  user("links = \"never\"");
  write("/elsewhere.toml", "links = \"measure\"");
  config_ = "/elsewhere.toml";
  EXPECT_THAT(set(), ElementsAre("links=measure"));
  config_ = "/missing.toml";
  EXPECT_THAT(set(), IsEmpty());
}

TEST_F(SettingsTest, AChangedFileCountsAtOnce) {
  user("links = \"never\"");
  EXPECT_THAT(set(), ElementsAre("links=never"));
  user("links = \"always\"");
  EXPECT_THAT(set(), ElementsAre("links=always"));
  fs_.write("/home/me/.config/zccache/config.toml", "links = \"auto\"  ");
  EXPECT_THAT(set(), ElementsAre("links=auto"));
  // Within one tick of the clock, and as long as before: no time shows it.
  fs_.write("/home/me/.config/zccache/config.toml", "links = \"never\" ");
  EXPECT_THAT(set(), ElementsAre("links=never"));
  fs_.remove("/home/me/.config/zccache/config.toml");
  EXPECT_THAT(set(), IsEmpty());
}

TEST_F(SettingsTest, WhatHasNotChangedIsNotReadAgain) {
  user("links = \"never\"");
  trust("/w");
  project("read_only = true");
  (void)set();
  fs_.reads = 0;
  fs_.stats = 0;
  EXPECT_THAT(set(), ElementsAre("links=never", "read_only=yes"));
  EXPECT_EQ(fs_.reads, 0);
  EXPECT_EQ(fs_.stats, 4) << "the system's file, the user's, the list of directories, a project's";
}

TEST_F(SettingsTest, WhoHasNoFilesPaysForTwoStats) {
  fs_.make_directory("/home/me");
  (void)set();
  EXPECT_EQ(fs_.stats, 2) << "the system's file, the user's directory";
  trust("/w");
  project("links = \"never\"");
  EXPECT_THAT(set(), ElementsAre("links=never"));
}

TEST_F(SettingsTest, AProjectCountsBelowATrustedDirectoryOnly) {
  project("links = \"never\"");
  EXPECT_THAT(set(), IsEmpty());
  trust("/w\n");
  EXPECT_THAT(set(), ElementsAre("links=never"));
  EXPECT_THAT(set("/w"), ElementsAre("links=never"));
  EXPECT_THAT(set("/wide"), IsEmpty());
  trust("/other\n");
  EXPECT_THAT(set(), IsEmpty());
}

TEST_F(SettingsTest, AProjectStaysBelowTheUsersCeilings) {
  trust("/w");
  project(
      "links = \"always\"\nverify = \"0\"\nread_only = false\ncache_failures = true\n"
      "disable = false\npath_remap = \"auto\"");
  EXPECT_THAT(set(), ElementsAre("links=always", "verify=0", "read_only=no", "cache_failures=yes",
                                 "disable=no", "path_remap=auto"))
      << "the user has said nothing of these";
  user(
      "links = \"auto\"\nverify = \"1/9\"\nread_only = true\ncache_failures = false\n"
      "disable = true\npath_remap = \"off\"");
  EXPECT_THAT(set(), ElementsAre("links=auto", "verify=1/9", "read_only=yes", "cache_failures=no",
                                 "disable=yes", "path_remap=off"));
  project("links = \"never\"\nverify = \"1/2\"");
  EXPECT_THAT(set(), ElementsAre("links=never", "verify=1/2", "read_only=yes", "cache_failures=no",
                                 "disable=yes", "path_remap=off"));
}

// Of two trusted directories, the inner one cannot be bolder than the outer one.
TEST_F(SettingsTest, ProjectsCountFromTheOutermostOn) {
  trust("/w/sub\n/w\n");
  project("links = \"measure\"");
  write("/w/sub/.zccache/config.toml", "links = \"always\"");
  EXPECT_THAT(set(), ElementsAre("links=measure"));
  write("/w/sub/.zccache/config.toml", "links = \"never\"");
  EXPECT_THAT(set(), ElementsAre("links=never"));
}

TEST_F(SettingsTest, WhatAProjectSaysOfInputsIsAdded) {
  trust("/w");
  user("cache_buster = \"a\"\nextra_files = [\"~/x\", \"y\"]");
  project("cache_buster = \"b\"\nextra_files = [\"z\", \"/q\"]");
  EXPECT_THAT(set(), ElementsAre("cache_buster=1:ab", "extra_files=/home/me/x:y:/w/z:/q"));
  project("extra_files = []");
  EXPECT_THAT(set(), ElementsAre("cache_buster=a", "extra_files=/home/me/x:y"));
}

TEST_F(SettingsTest, AFileThatCannotBeUnderstoodRefuses) {
  user("links = ");
  EXPECT_THAT(refusal_of(layers()), HasSubstr("/home/me/.config/zccache/config.toml: line 1"));
  EXPECT_THAT(files_.problems(), ElementsAre(HasSubstr("config.toml: line 1")));
  user("links = \"auto\"");
  EXPECT_EQ(refusal_of(layers()), "");
  EXPECT_THAT(files_.problems(), IsEmpty());
}

TEST_F(SettingsTest, ADirectoryInPlaceOfAFileRefuses) {
  fs_.make_directory("/etc/zccache/config.toml");
  EXPECT_THAT(refusal_of(layers()), HasSubstr("/etc/zccache/config.toml"));
}

}  // namespace
}  // namespace zc::config
