#include "client/find_compiler.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "support/temporary_directory.h"

namespace zc::client {
namespace {

class FindCompilerTest : public testing::Test {
 protected:
  std::string in(const std::string& path) const { return directory_ / path; }

  // A program that is never run.
  void given_program(const std::string& path, mode_t mode = 0755) const {
    std::filesystem::create_directories(std::filesystem::path(in(path)).parent_path());
    std::ofstream(in(path)) << path;
    ASSERT_EQ(::chmod(in(path).c_str(), mode), 0);
  }
  void given_link(const std::string& path, const std::string& target) const {
    std::filesystem::create_directories(std::filesystem::path(in(path)).parent_path());
    ASSERT_EQ(::symlink(target.c_str(), in(path).c_str()), 0);
  }

  // Where `word` is found along these directories, relative to the test's own; else the error's
  // code.
  std::string found(const std::string& word, const std::vector<std::string>& directories,
                    const std::string& nested = "") {
    std::string path;
    for (const std::string& directory : directories) {
      str_append(path, path.empty() ? "" : ":", in(directory));
    }
    last_ = find_compiler(word, path, false, Nesting(nested, {}));
    if (!last_) {
      const Code code = last_.error().code;
      return code == Code::kNotFound ? "missing" : code == Code::kInvalid ? "loop" : "forbidden";
    }
    return last_->path.substr(directory_.path().size() + 1);
  }

  // What a client sees that is called by the program at `path`, which runs for the same command.
  std::string within(const std::string& path, const std::string& nested = "") const {
    return Nesting(nested, {}).value_within(*os::stat_path(in(path)));
  }

  test::TemporaryDirectory directory_;
  Result<FoundCompiler> last_ = fail(Code::kInvalid, "");
};

TEST_F(FindCompilerTest, PassesOverWhatCannotBeRun) {
  given_program("real/gcc");
  given_program("data/gcc", 0644);
  given_program("directory/gcc/below");
  given_link("dangling/gcc", "nowhere");
  given_link("circle/gcc", "gcc");
  given_program("file");
  const std::string too_long(300, 'n');
  EXPECT_EQ(
      found("gcc", {"none", "file", "data", "directory", "dangling", "circle", too_long, "real"}),
      "real/gcc");
  EXPECT_EQ(last_->argv0, "gcc");
  EXPECT_EQ(found("gcc", {"none", "dangling", "circle", "file", too_long}), "missing");
  EXPECT_EQ(found("gcc", {"none", "data"}), "forbidden");
  EXPECT_EQ(found("gcc", {"directory"}), "forbidden");
}

TEST_F(FindCompilerTest, AnotherCacheIsTakenOnlyWhereItIsMeant) {
  given_program("real/g++");
  given_program("lib/ccache-4");
  given_link("opt/ccache", "../lib/ccache-4");
  given_link("opt/sccache", "ccache");
  given_link("stand-ins/g++", "../opt/ccache");
  EXPECT_EQ(found("g++", {"stand-ins", "real"}), "real/g++");
  EXPECT_EQ(last_->argv0, in("real/g++")) << "it would find the other one beside it";
  EXPECT_EQ(found("ccache", {"stand-ins", "opt", "real"}), "opt/ccache");
  EXPECT_EQ(found("sccache", {"stand-ins", "opt", "real"}), "opt/sccache");
  EXPECT_EQ(found(in("opt/ccache"), {}), "opt/ccache");
  EXPECT_EQ(found("g++", {"stand-ins"}), "stand-ins/g++") << "there is nothing else";
}

TEST_F(FindCompilerTest, WhatHasCalledUsIsPassedOver) {
  given_program("wrappers/gcc");
  given_program("more/gcc");
  given_program("real/gcc");
  EXPECT_EQ(found("gcc", {"wrappers", "more", "real"}), "wrappers/gcc");
  const std::string once = within("wrappers/gcc");
  EXPECT_EQ(last_->nested, once);
  EXPECT_EQ(found("gcc", {"wrappers", "more", "real"}, once), "more/gcc");
  EXPECT_FALSE(last_->is_plain);
  EXPECT_EQ(found("gcc", {"wrappers", "more", "real"}, within("more/gcc", once)), "real/gcc");
  EXPECT_EQ(last_->argv0, in("real/gcc"));
}

TEST_F(FindCompilerTest, WhatHasCalledUsRunsOnceMoreForWantOfOthers) {
  given_program("wrappers/gcc");
  const std::string once = within("wrappers/gcc");
  for (const std::string& word : {std::string("gcc"), in("wrappers/gcc")}) {
    EXPECT_EQ(found(word, {"wrappers"}, once), "wrappers/gcc");
    EXPECT_TRUE(last_->is_plain);
    EXPECT_EQ(found(word, {"wrappers"}, within("wrappers/gcc", once)), "loop");
    EXPECT_TRUE(last_.error().message.contains(in("wrappers/gcc"))) << last_.error().message;
  }
}

TEST_F(FindCompilerTest, PassesOverItself) {
  given_link("mine/gcc", std::filesystem::read_symlink("/proc/self/exe"));
  given_program("real/gcc");
  EXPECT_EQ(found("gcc", {"mine", "real"}), "real/gcc");
  EXPECT_EQ(last_->argv0, in("real/gcc")) << "it would find us beside it";
  EXPECT_EQ(found("gcc", {"real", "mine"}), "real/gcc");
  EXPECT_EQ(last_->argv0, "gcc");
  EXPECT_EQ(found("gcc", {"mine"}), "missing");
}

TEST_F(FindCompilerTest, AMasqueradeLinkThatIsCalledByItsPathIsCompletedAlongThePath) {
  given_link("mine/gcc", std::filesystem::read_symlink("/proc/self/exe"));
  given_program("real/gcc");
  EXPECT_EQ(found(in("mine/gcc"), {"mine", "real"}), "real/gcc");
  EXPECT_EQ(last_->argv0, in("real/gcc"));
  EXPECT_EQ(found(in("mine/gcc"), {"mine"}), "missing");
}

TEST_F(FindCompilerTest, WhoeverIsCalledByTheCompilersNameTellsItItsFullPath) {
  given_program("real/gcc");
  const Result<FoundCompiler> compiler = find_compiler("gcc", in("real"), true, Nesting("", {}));
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->argv0, in("real/gcc"));
}

TEST_F(FindCompilerTest, AWordWithASlashIsAPath) {
  given_program("real/gcc");
  given_program("real/data", 0644);
  EXPECT_EQ(found(in("real/gcc"), {"none"}), "real/gcc");
  EXPECT_EQ(last_->argv0, in("real/gcc"));
  EXPECT_EQ(found(in("real/data"), {"real"}), "forbidden");
  EXPECT_EQ(found(in("real"), {"real"}), "forbidden");
  EXPECT_EQ(found(in("none/gcc"), {"real"}), "missing");
  EXPECT_THAT(last_.error().message, testing::HasSubstr(in("none/gcc")));
}

TEST_F(FindCompilerTest, AnEmptyEntryOfThePathIsTheWorkingDirectory) {
  given_program("real/gcc");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(in("real"));
  for (const std::string& search_path : {std::string(), in("none") + ":", ":" + in("none")}) {
    const Result<FoundCompiler> compiler =
        find_compiler("gcc", search_path, false, Nesting("", {}));
    ASSERT_TRUE(compiler) << search_path;
    EXPECT_EQ(compiler->path, "./gcc");
  }
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace zc::client
