#include "engine/observed/local_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::engine {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kNsOfASecond = 1'000'000'000;

TEST(LocalTime, HasThreeNumbersOfWhichTheFirstIsWithinTheDay) {
  const std::optional<LocalTime> time = parse_local_time("150 100 200");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->seconds, 150);
  EXPECT_EQ(time->day_begin, 100);
  EXPECT_EQ(time->day_end, 200);
  EXPECT_TRUE(parse_local_time("100 100 200"));
  for (const char* text : {"", "150", "150 100", "150 100 200 300", "99 100 200", "200 100 200",
                           "a 100 200", "150  200", "-1 -2 3", "150 100 99999999999999999999"}) {
    EXPECT_FALSE(parse_local_time(text)) << text;
  }
}

TEST(LocalTime, ADayHoldsUntilItEnds) {
  const std::string day = name_of_day({.seconds = 150, .day_begin = 100, .day_end = 200});
  EXPECT_TRUE(is_within_day(day, 100 * kNsOfASecond));
  EXPECT_TRUE(is_within_day(day, 200 * kNsOfASecond - 1));
  EXPECT_FALSE(is_within_day(day, 200 * kNsOfASecond));
  EXPECT_FALSE(is_within_day(day, 100 * kNsOfASecond - 1)) << "the clock was put back";
  EXPECT_FALSE(is_within_day("damaged", 150 * kNsOfASecond));
}

TEST(LocalTime, TheZoneIsInAFileThatAVariableMayName) {
  const auto files = [](std::vector<ByteView> env) { return zone_files(RequestEnvironment(env)); };
  EXPECT_THAT(files({}), ElementsAre("/etc/localtime"));
  EXPECT_THAT(files({"TZ=Asia/Tokyo"}),
              ElementsAre("/usr/share/zoneinfo/Asia/Tokyo", "/usr/share/zoneinfo/posixrules"));
  EXPECT_THAT(files({"TZ=:Asia/Tokyo", "TZDIR=/z"}), ElementsAre("/z/Asia/Tokyo", "/z/posixrules"));
  EXPECT_THAT(files({"TZ=/my/zone"}), ElementsAre("/my/zone", "/usr/share/zoneinfo/posixrules"));
  EXPECT_THAT(files({"TZ="}),
              ElementsAre("/usr/share/zoneinfo/Universal", "/usr/share/zoneinfo/posixrules"));
}

}  // namespace
}  // namespace zc::engine
