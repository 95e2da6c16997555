#include "cli/command.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/subcommands.h"

namespace zc::cli {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::StartsWith;

TEST(Commands, AreThoseThatTheClientHandsOver) {
  for (const std::string_view word : kSubcommands) {
    EXPECT_NE(find_command(word), nullptr) << word;
  }
  for (const Command& command : commands()) {
    EXPECT_TRUE(is_subcommand(command.name)) << command.name;
  }
  EXPECT_EQ(find_command("gcc"), nullptr);
  EXPECT_EQ(find_command("kill"), find_command("stop"));
}

TEST(Commands, EachSaysHowItIsUsed) {
  for (const Command& command : commands()) {
    EXPECT_THAT(std::string(command.usage),
                AllOf(StartsWith("usage: zccache " + std::string(command.name)), EndsWith("\n")))
        << command.name;
  }
}

TEST(Commands, AreKnownByTheOptionsOfOtherCaches) {
  EXPECT_EQ(find_command("-s"), find_command("status"));
  EXPECT_EQ(find_command("--show-stats"), find_command("status"));
  EXPECT_EQ(find_command("-svv"), find_command("status"));
  EXPECT_EQ(find_command("-C"), find_command("clear"));
  EXPECT_EQ(find_command("-p"), find_command("config"));
  EXPECT_EQ(find_command("-z"), find_command("zero"));
  EXPECT_EQ(find_command("--zero-stats"), find_command("zero"));
  EXPECT_EQ(find_command("--stop-server"), find_command("stop"));
}

}  // namespace
}  // namespace zc::cli
