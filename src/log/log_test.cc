#include "log/log.h"

#include <unistd.h>

#include <array>

namespace zc::log {
namespace {

TEST(Log, LineHasTimeLevelAndText) {
  EXPECT_EQ(format_line(Level::kWarn, "disk full", 1'700'000'000'123'456'789),
            "2023-11-14T22:13:20.123Z warn  disk full\n");
}

TEST(Log, NewlinesDoNotStartANewEvent) {
  EXPECT_EQ(format_line(Level::kError, "a\nb\rc", 0), "1970-01-01T00:00:00.000Z error a b c\n");
}

TEST(Log, LevelNames) {
  EXPECT_EQ(parse_level("error"), Level::kError);
  EXPECT_EQ(parse_level("debug"), Level::kDebug);
  EXPECT_EQ(parse_level("DEBUG"), std::nullopt);
  EXPECT_EQ(parse_level(""), std::nullopt);
}

TEST(Log, WritesWhatTheLevelAsksFor) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Log log(Level::kWarn, ends[1]);
  log.info("not this");
  log.error("but this");
  ::close(ends[1]);
  std::string said(256, '\0');
  const ssize_t n = ::read(ends[0], said.data(), said.size());
  ::close(ends[0]);
  ASSERT_GT(n, 0);
  said.resize(static_cast<std::size_t>(n));
  EXPECT_THAT(said, ::testing::EndsWith(" error but this\n"));
  EXPECT_THAT(said, ::testing::Not(::testing::HasSubstr("not this")));
}

}  // namespace
}  // namespace zc::log
