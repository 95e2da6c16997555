#include "client/output_time.h"

#include <gtest/gtest.h>

namespace zc::client {
namespace {

std::uint64_t last_write_of(std::int64_t seconds, std::int64_t ns) {
  return last_write_ns({.mtime_ns = seconds * 1'000'000'000 + ns});
}

TEST(OutputTimeTest, ATimeIsBehindByATick) {
  EXPECT_EQ(last_write_of(100, 500'000'000), 100'510'000'000U);
  EXPECT_EQ(last_write_of(100, 1), 100'010'000'001U);
}

// Written at 100.9 s, say, by a compile that began at 100.7 s.
TEST(OutputTimeTest, ATimeOfSecondsIsBehindByOne) {
  EXPECT_EQ(last_write_of(100, 0), 101'000'000'000U);
}

TEST(OutputTimeTest, ATimeBeforeTheEpochIsOld) {
  EXPECT_EQ(last_write_of(-100, 0), 0U);
  EXPECT_EQ(last_write_of(-1, 1), 0U);
}

}  // namespace
}  // namespace zc::client
