#include "client/observed_run.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "os/program_file.h"
#include "support/temporary_directory.h"

namespace zc::client {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

// What a compile with these variables gets.
std::vector<std::string> observed(std::vector<std::string> variables) {
  std::vector<char*> environment;
  for (std::string& variable : variables) {
    environment.push_back(variable.data());
  }
  environment.push_back(nullptr);
  const ObservedEnvironment out(environment.data(), "/lib/o.so", "/proc/1/fd/3");
  std::vector<std::string> text;
  for (char* const* at = out.variables(); *at != nullptr; ++at) {
    text.emplace_back(*at);
  }
  return text;
}

TEST(ObservedEnvironmentTest, TheObserverIsPreloadedAndToldItsChannel) {
  EXPECT_THAT(observed({}), ElementsAre("LD_PRELOAD=/lib/o.so", "ZCCACHE_OBSERVE=/proc/1/fd/3"));
  EXPECT_THAT(
      observed({"A=b", "LD_PRELOADED=x"}),
      ElementsAre("A=b", "LD_PRELOADED=x", "LD_PRELOAD=/lib/o.so", "ZCCACHE_OBSERVE=/proc/1/fd/3"));
}

TEST(ObservedEnvironmentTest, WhatTheUserPreloadsStaysWhereItWas) {
  EXPECT_THAT(observed({"A=b", "LD_PRELOAD=/u.so:/v.so", "C=d"}),
              ElementsAre("A=b", "LD_PRELOAD=/lib/o.so:/u.so:/v.so", "C=d",
                          "ZCCACHE_OBSERVE=/proc/1/fd/3"));
}

TEST(ObservedEnvironmentTest, OneOfTwoPreloadsIsLeft) {
  EXPECT_THAT(
      observed({"LD_PRELOAD=/u.so", "A=b", "LD_PRELOAD=/v.so"}),
      ElementsAre("LD_PRELOAD=/lib/o.so:/u.so:/v.so", "A=b", "ZCCACHE_OBSERVE=/proc/1/fd/3"));
}

TEST(ObservedEnvironmentTest, TheChannelOfAnotherCompileIsForgotten) {
  EXPECT_THAT(observed({"ZCCACHE_OBSERVE=/proc/9/fd/9", "A=b"}),
              ElementsAre("A=b", "LD_PRELOAD=/lib/o.so", "ZCCACHE_OBSERVE=/proc/1/fd/3"));
}

class FindObserverTest : public testing::Test {
 protected:
  // The program in a directory with an observer.
  std::string given_program_in(const std::string& directory) const {
    std::filesystem::create_directories(directory_ / directory);
    std::ofstream(directory_ / (directory + "/libzccache-observer.so")) << "library";
    return directory_ / (directory + "/zccache");
  }
  std::string state() const {
    std::filesystem::create_directories(directory_ / "state");
    return directory_ / "state";
  }

  std::string observer_of(const std::string& program,
                          os::Preload kind = os::Preload::kGlibc) const {
    return find_observer(kind, program, state());
  }

  test::TemporaryDirectory directory_;
};

TEST_F(FindObserverTest, ItLiesBesideTheProgram) {
  const std::string program = given_program_in("bin");
  EXPECT_EQ(observer_of(program), directory_ / "bin/libzccache-observer.so");
  EXPECT_TRUE(std::filesystem::is_empty(state())) << "no link is needed";
}

TEST_F(FindObserverTest, OneThatIsNotThereIsNone) {
  EXPECT_EQ(observer_of(directory_ / "bin/zccache"), "");
  EXPECT_EQ(observer_of(""), "");
  EXPECT_TRUE(std::filesystem::is_empty(state()));
}

TEST_F(FindObserverTest, OneThatTheLinkerWouldTakeForSeveralGetsALinkThatStays) {
  for (const char* directory : {"with a blank", "with:colon"}) {
    const std::string program = given_program_in(directory);
    const std::string link = observer_of(program);
    EXPECT_THAT(link, StartsWith(state() + "/observer-"));
    EXPECT_EQ(std::filesystem::read_symlink(link),
              std::filesystem::path(program).parent_path() / "libzccache-observer.so");
    EXPECT_EQ(observer_of(program), link) << "the next compile uses it, too";
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(state()), {}), 2)
      << "each observer has its own";
}

TEST_F(FindObserverTest, ThatOfTheProgramsCLibrary) {
  const std::string program = given_program_in("bin");
  EXPECT_EQ(observer_of(program, os::Preload::kMusl), "") << "there is none";
  std::ofstream(directory_ / "bin/libzccache-observer-musl.so") << "library";
  EXPECT_EQ(observer_of(program, os::Preload::kMusl),
            directory_ / "bin/libzccache-observer-musl.so");
  EXPECT_EQ(observer_of(program, os::Preload::kAny), directory_ / "bin/libzccache-observer.so");
  EXPECT_EQ(observer_of(program, os::Preload::kNone), "");
}

TEST_F(FindObserverTest, BothBuildsGetLinksSideBySide) {
  const std::string program = given_program_in("with a blank");
  std::ofstream(directory_ / "with a blank/libzccache-observer-musl.so") << "library";
  std::string link = observer_of(program);
  link.resize(link.size() - os::kEndForGlibc.size());
  EXPECT_EQ(std::filesystem::read_symlink(str_cat(link, os::kEndForMusl)),
            directory_ / "with a blank/libzccache-observer-musl.so");
  EXPECT_EQ(observer_of(program, os::Preload::kMusl), str_cat(link, os::kEndForMusl));
}

TEST_F(FindObserverTest, NothingHelpsWhereTheStateDirectoryIsNoBetter) {
  const std::string program = given_program_in("with a blank");
  EXPECT_EQ(find_observer(os::Preload::kGlibc, program, directory_ / "with a blank"), "");
  EXPECT_EQ(find_observer(os::Preload::kGlibc, program, directory_ / "none"), "");
}

TEST_F(FindObserverTest, NoLinkIsMadeWhereOtherUsersMayWrite) {
  const std::string program = given_program_in("with a blank");
  ASSERT_EQ(::chmod(state().c_str(), 0777), 0);
  EXPECT_EQ(observer_of(program), "");
  EXPECT_TRUE(std::filesystem::is_empty(state()));
  ASSERT_EQ(::chmod(state().c_str(), 0700), 0);
  const std::string link = observer_of(program);
  EXPECT_THAT(link, StartsWith(state()));
  ASSERT_EQ(::chmod(state().c_str(), 0777), 0);
  EXPECT_EQ(observer_of(program), "") << "the link may be exchanged";
}

TEST_F(FindObserverTest, ALinkThatLeadsElsewhereIsNotUsed) {
  const std::string program = given_program_in("with a blank");
  const std::string link = observer_of(program);
  std::filesystem::remove(link);
  std::filesystem::create_symlink("/somebody/elses.so", link);
  EXPECT_EQ(observer_of(program), "");
  std::filesystem::remove(link);
  std::ofstream(link) << "no link";
  EXPECT_EQ(observer_of(program), "");
}

TEST_F(FindObserverTest, ALinkOfAnotherUserIsNotUsed) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give a link away";
  }
  const std::string program = given_program_in("with a blank");
  const std::string link = observer_of(program);
  ASSERT_EQ(::lchown(link.c_str(), 65'534, 65'534), 0);
  EXPECT_EQ(observer_of(program), "");
}

}  // namespace
}  // namespace zc::client
