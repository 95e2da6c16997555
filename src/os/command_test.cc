#include "os/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::os {
namespace {

Result<CommandOutput> run(const std::string& script, int timeout_ms) {
  return PosixCommandRunner().run(
      {.args = {"/bin/sh", "-c", script}, .env = {}, .cwd = "/", .timeout_ms = timeout_ms});
}

constexpr int kEnoughMs = 10'000;
constexpr int kShortMs = 50;

TEST(CommandTest, BothStreamsAndTheEndAreReported) {
  const Result<CommandOutput> exited = run("echo out; echo err >&2; exit 3", kEnoughMs);
  ASSERT_TRUE(exited) << exited.error().message;
  EXPECT_EQ(exited->out, "out\n");
  EXPECT_EQ(exited->err, "err\n");
  EXPECT_EQ(exited->exit_code, 3);
  const Result<CommandOutput> killed = run("kill -9 $$", kEnoughMs);
  ASSERT_TRUE(killed) << killed.error().message;
  EXPECT_EQ(killed->exit_code, 128 + 9);
}

TEST(CommandTest, AProgramThatPrintsNothingMoreMayStillTakeItsTime) {
  const Result<CommandOutput> output = run("exec >&- 2>&-; /bin/sleep 0.05; exit 3", kEnoughMs);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->exit_code, 3);
}

TEST(CommandTest, AProgramThatDoesNotEndIsKilled) {
  for (const char* script : {"exec /bin/sleep 30", "exec >&- 2>&-; exec /bin/sleep 30"}) {
    const Result<CommandOutput> output = run(script, kShortMs);
    ASSERT_FALSE(output) << script;
    EXPECT_EQ(output.error().code, Code::kTimeout) << script;
  }
}

TEST(CommandTest, AProgramThatPrintsWithoutEndIsKilled) {
  const Result<CommandOutput> output = run("while :; do echo words; done", kEnoughMs);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, Code::kInvalid);
}

}  // namespace
}  // namespace zc::os
