#include "client/link_deployment.h"

#include <deque>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/temporary_directory.h"

namespace zc::client {
namespace {

class LinkDeploymentTest : public testing::Test {
 protected:
  std::optional<LinkDeployment> find(std::string_view tool, const std::vector<std::string>& args,
                                     std::string_view command = "true") {
    texts_.assign(args.begin(), args.end());
    words_.clear();
    for (std::string& text : texts_) {
      words_.push_back(text.data());
    }
    return LinkDeployment::find(command, tool, words_);
  }

  // With this type in its header.
  void given_elf(const std::string& path, char type) {
    std::string bytes =
        "\x7f"
        "ELF";
    bytes.resize(64);
    bytes[16] = type;
    given_file(path, bytes);
  }
  static void given_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path) << bytes;
  }

  test::TemporaryDirectory directory_;
  const std::string program_ = directory_.path() + "/prog";
  std::deque<std::string> texts_;
  std::vector<char*> words_;
};

TEST_F(LinkDeploymentTest, IsForDriversAndLinkersOnly) {
  for (const char* tool : {"gcc", "/usr/bin/g++-12", "clang++-19", "c++", "ld", "ld.lld-14", "mold",
                           "x86_64-linux-gnu-ld", "ld.gold", "mpicxx", "my-cc"}) {
    EXPECT_TRUE(find(tool, {})) << tool;
  }
  for (const char* tool : {"ar", "strip", "objcopy", "rustc", "old", "dwp"}) {
    EXPECT_FALSE(find(tool, {})) << tool;
  }
  EXPECT_FALSE(find("gcc", {}, ""));
  EXPECT_FALSE(find("gcc", {}, " \t "));
}

TEST_F(LinkDeploymentTest, IsDueBehindANewProgram) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{"a.o", "-o", program_},
                                               {"a.o", "-o" + program_},
                                               {"--output=" + program_, "a.o"},
                                               {"-o", "earlier", "--output", program_}}) {
    std::ofstream(program_) << "old";
    const auto deployment = find("gcc", args);
    ASSERT_TRUE(deployment);
    EXPECT_FALSE(deployment->is_due());
    given_elf(program_, 3);
    EXPECT_TRUE(deployment->is_due());
  }
}

TEST_F(LinkDeploymentTest, IsNotDueBehindAnythingElse) {
  const auto deployment = find("gcc", {"-o", program_});
  ASSERT_TRUE(deployment);
  EXPECT_FALSE(deployment->is_due()) << "nothing was made";
  given_elf(program_, 1);
  EXPECT_FALSE(deployment->is_due()) << "an object";
  given_file(program_, "text of a listing, a depfile or the like");
  EXPECT_FALSE(deployment->is_due());
  given_file(program_, "MZ, of a program for Windows, is enough");
  EXPECT_TRUE(deployment->is_due());
}

TEST_F(LinkDeploymentTest, RunsWithTheProgramBehindItsWordsAndReturnsItsExitCode) {
  EXPECT_EQ(find("gcc", {"-o", program_}, "touch  --")->run(), 0);
  EXPECT_TRUE(std::ifstream(program_).good());
  testing::internal::CaptureStderr();
  EXPECT_EQ(find("gcc", {"-o", program_}, "test -d")->run(), 1);
  EXPECT_EQ(find("gcc", {"-o", program_}, "/none/such")->run(), 127);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "zccache: ZCCACHE_LINK_DEPLOY_CMD: test exited with 1\n"
            "zccache: ZCCACHE_LINK_DEPLOY_CMD: /none/such exited with 127\n");
}

}  // namespace
}  // namespace zc::client
