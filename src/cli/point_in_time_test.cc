#include "cli/point_in_time.h"

#include <gtest/gtest.h>

namespace zc::cli {
namespace {

constexpr std::int64_t kNow = 1'800'000'000'000'000'000;
constexpr std::int64_t kOneSecond = 1'000'000'000;

TEST(PointInTime, LiesBeforeNow) {
  EXPECT_EQ(point_in_time("90s", kNow), kNow - 90 * kOneSecond);
  EXPECT_EQ(point_in_time("2m", kNow), kNow - 120 * kOneSecond);
  EXPECT_EQ(point_in_time("2h", kNow), kNow - 7200 * kOneSecond);
  EXPECT_EQ(point_in_time("3d", kNow), kNow - kOneSecond * 3 * 86400);
}

TEST(PointInTime, IsADateInUtc) {
  EXPECT_EQ(point_in_time("1970-01-02", kNow), 86400 * kOneSecond);
  EXPECT_EQ(point_in_time("2026-01-31T12:00Z", kNow), 1'769'860'800 * kOneSecond);
  EXPECT_EQ(point_in_time("2026-01-31T12:00:30", kNow), 1'769'860'830 * kOneSecond);
}

TEST(PointInTime, IsNothingElse) {
  for (const char* text :
       {"", "s", "5", "h2", "-1h", "1w", "999999999d", "2026-02-30", "2026-13-01", "2026-01-31T",
        "2026-01-31T25:00", "2026-01-31T12", "T12:00", "today"}) {
    EXPECT_FALSE(point_in_time(text, kNow)) << text;
  }
}

}  // namespace
}  // namespace zc::cli
