#include "daemon/flags.h"

namespace zc::daemon {
namespace {

using ::testing::HasSubstr;

Result<Flags> parse(std::vector<const char*> args) {
  return parse_flags(args);
}

TEST(Flags, AreAllKnown) {
  const Result<Flags> flags =
      parse({"--foreground", "--endpoint", "/a=b", "--log-file=/l", "--log-level", "debug",
             "--idle-timeout", "0", "--ready-fd", "3", "--slot-fd=4"});
  ASSERT_TRUE(flags);
  EXPECT_TRUE(flags->foreground);
  EXPECT_EQ(flags->endpoint, "/a=b");
  EXPECT_EQ(flags->log_file, "/l");
  EXPECT_EQ(flags->log_level, log::Level::kDebug);
  EXPECT_EQ(flags->idle_timeout_secs, 0);
  EXPECT_EQ(flags->ready_fd, 3);
  EXPECT_EQ(flags->slot_fd, 4);
}

TEST(Flags, NoneIsAllDefaults) {
  const Result<Flags> flags = parse({});
  ASSERT_TRUE(flags);
  EXPECT_FALSE(flags->foreground);
  EXPECT_EQ(flags->ready_fd, -1);
  EXPECT_EQ(flags->idle_timeout_secs, std::nullopt);
}

TEST(Flags, BadOnesAreNamed) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> cases = {
      {{"--nonsense"}, "--nonsense"},       {{"--nonsense", "x"}, "--nonsense"},
      {{"--endpoint"}, "--endpoint"},       {{"--ready-fd", "-1"}, "--ready-fd"},
      {{"--idle-timeout", "x"}, "seconds"}, {{"--log-level=loud"}, "loud"}};
  for (const auto& [args, expected] : cases) {
    const Result<Flags> flags = parse(args);
    ASSERT_FALSE(flags) << expected;
    EXPECT_THAT(flags.error().message, HasSubstr(expected));
  }
}

}  // namespace
}  // namespace zc::daemon
