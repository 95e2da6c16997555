// `zccache setup shims`: the masquerade links, in directories that hold more than these.
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "fault/lifecycle_fixture.h"
#include "os/file.h"
#include "os/name.h"

namespace zc {
namespace {

namespace fs = std::filesystem;

using test::Lifecycle;
using test::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Shims : public Lifecycle {
 protected:
  // A PATH with compilers of ours, each of which prints its name; and zccache by a symlink, as an
  // installation in a directory of its own version has it.
  Shims() {
    for (const char* name : {"bin", "real"}) {
      fs::create_directories(directory_ / name);
    }
    fs::create_symlink(std::string(ZCCACHE_BIN_DIR) + "/zccache", client_);
    for (const char* name : {"gcc", "gcc-12", "x86_64-linux-gnu-g++-12", "ar", "ld", "make"}) {
      compiler(name);
    }
    search({directory_ / "bin", directory_ / "real"});
    settings("HOME", directory_ / "home");
    settings("ZCCACHE_NO_SPAWN", "1");
  }

  void compiler(const std::string& name) {
    ASSERT_TRUE(os::replace_file(directory_ / ("real/" + name),
                                 str_cat("#!/bin/sh\necho this is ", name, "\n"), 0755));
  }

  void search(const std::vector<std::string>& directories) {
    std::string path;
    for (const std::string& directory : directories) {
      str_append(path, path.empty() ? "" : ":", directory);
    }
    std::erase_if(variables_, [](const std::string& v) { return v.starts_with("PATH="); });
    settings("PATH", path);
  }

  Outcome shims(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"setup", "shims"});
    return run("zccache", words);
  }

  static std::vector<std::string> names_in(const std::string& directory) {
    std::set<std::string> out;
    if (fs::exists(directory)) {
      for (const auto& entry : fs::directory_iterator(directory)) {
        out.insert(entry.path().filename());
      }
    }
    return {out.begin(), out.end()};
  }

  const std::string client_ = directory_ / "bin/zccache";
  const std::string links_ = directory_ / "home/zccache-bin";
};

TEST_F(Shims, StandForTheCompilersOnPath) {
  const Outcome made = shims();
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(names_in(links_), ElementsAre("ar", "gcc", "gcc-12", "x86_64-linux-gnu-g++-12"));
  EXPECT_EQ(os::symlink_target(links_ + "/gcc"), client_);
  EXPECT_THAT(made.out, HasSubstr("export PATH=" + links_ + ":$PATH\n"));
  EXPECT_THAT(run_in(links_, "gcc-12", {"-c"}).out, HasSubstr("this is gcc-12"));

  const Outcome again = shims();
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, made.out);
  EXPECT_EQ(names_in(links_).size(), 4U);
}

TEST_F(Shims, SayWhatPathLeadsTo) {
  ASSERT_EQ(shims().exit_code, 0);
  search({links_, directory_ / "bin", directory_ / "real"});
  EXPECT_THAT(shims().out, HasSubstr("PATH leads to them."));
  search({directory_ / "bin", directory_ / "real", links_});
  EXPECT_THAT(shims().out, HasSubstr("PATH leads to " + directory_.path() + "/real/ar and"));
}

TEST_F(Shims, FollowTheCompilersThatComeAndGo) {
  ASSERT_EQ(shims().exit_code, 0);
  compiler("clang");
  ASSERT_TRUE(fs::remove(directory_ / "real/gcc-12"));
  search({links_, directory_ / "bin", directory_ / "real"});
  EXPECT_EQ(shims().exit_code, 0);
  EXPECT_THAT(names_in(links_), ElementsAre("ar", "clang", "gcc", "x86_64-linux-gnu-g++-12"));
}

// The version that they led to is gone, or has moved.
TEST_F(Shims, LeadToTheProgramThatIsThereNow) {
  fs::create_directories(links_);
  fs::create_symlink("/nowhere/zccache", links_ + "/gcc");
  EXPECT_EQ(shims().exit_code, 0);
  EXPECT_EQ(os::symlink_target(links_ + "/gcc"), client_);

  // An upgrade exchanges what the name leads to; the links stay.
  ASSERT_TRUE(fs::remove(client_));
  const std::string next = directory_ / "next";
  fs::create_directories(next);
  for (const char* name : {"zccache", "zccache-cli", "zccache-daemon"}) {
    fs::copy_file(fs::path(ZCCACHE_BIN_DIR) / name, fs::path(next) / name);
  }
  fs::create_symlink(next + "/zccache", client_);
  EXPECT_THAT(run_in(links_, "gcc", {"-c"}).out, HasSubstr("this is gcc"));
}

TEST_F(Shims, TouchNothingElse) {
  const std::string other = directory_ / "other";
  fs::create_directories(other);
  ASSERT_TRUE(os::replace_file(other + "/gcc", "#!/bin/sh\n", 0755));
  ASSERT_TRUE(os::replace_file(other + "/notes", "mine\n", 0644));
  fs::create_symlink("/usr/bin/env", other + "/ar");
  const Outcome made = shims({other});
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_THAT(made.err, HasSubstr("left alone, since it is no link to zccache: " + other + "/gcc"));
  EXPECT_EQ(os::symlink_target(other + "/ar"), "/usr/bin/env");
  EXPECT_THAT(names_in(other),
              ElementsAre("ar", "gcc", "gcc-12", "notes", "x86_64-linux-gnu-g++-12"));
  EXPECT_EQ(shims({"--remove", other}).exit_code, 0);
  EXPECT_THAT(names_in(other), ElementsAre("ar", "gcc", "notes"));
  EXPECT_EQ(os::symlink_target(client_), std::string(ZCCACHE_BIN_DIR) + "/zccache");
}

TEST_F(Shims, GoAway) {
  const std::string other = directory_ / "other";
  ASSERT_EQ(shims().exit_code, 0);
  ASSERT_EQ(shims({other + "/./"}).exit_code, 0);
  fs::create_symlink("/nowhere/zccache", links_ + "/cc");
  search({other, directory_ / "bin", directory_ / "real"});
  const Outcome removed = shims({"--remove"});
  EXPECT_EQ(removed.exit_code, 0) << removed.err;
  EXPECT_THAT(removed.out, HasSubstr("removed " + other + "/gcc\n"));
  EXPECT_FALSE(fs::exists(links_));
  EXPECT_FALSE(fs::exists(other));
  EXPECT_THAT(names_in(directory_ / "bin"), ElementsAre("zccache"));
  EXPECT_EQ(shims({"--remove"}).out, "");

  // Those of another installation go if their directory is named.
  const fs::path another = directory_ / "another";
  fs::create_directories(another);
  fs::copy_file(std::string(ZCCACHE_BIN_DIR) + "/zccache", another / "zccache");
  fs::create_directories(links_);
  fs::create_symlink(another / "zccache", links_ + "/gcc");
  EXPECT_EQ(shims({"--remove"}).out, "");
  EXPECT_EQ(shims({"--remove", links_}).out, "removed " + links_ + "/gcc\n");
}

TEST_F(Shims, NeedCompilersAndWords) {
  EXPECT_EQ(shims({"a", "b"}).exit_code, 2);
  EXPECT_EQ(shims({"--all"}).exit_code, 2);
  EXPECT_EQ(run("zccache", {"setup"}).exit_code, 2);
  EXPECT_EQ(run("zccache", {"setup", "shim"}).exit_code, 2);
  search({directory_ / "bin"});
  const Outcome none = shims();
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no compiler on PATH"));
  EXPECT_THAT(names_in(links_), IsEmpty());
  std::erase_if(variables_, [](const std::string& v) { return v.starts_with("HOME="); });
  search({directory_ / "bin", directory_ / "real"});
  EXPECT_EQ(shims().exit_code, 2);
  EXPECT_EQ(shims({directory_ / "with a blank"}).exit_code, 0);
  EXPECT_THAT(shims({directory_ / "with a blank"}).out, HasSubstr("/with\\ a\\ blank:$PATH"));
}

}  // namespace
}  // namespace zc
