#include "daemon/hit_sampler.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "config/keys.h"

namespace zc::daemon {
namespace {

class HitSamplerTest : public ::testing::Test {
 protected:
  // Of so many hits in a row, "x" for each that is taken.
  std::string taken(std::string_view value, int hits) {
    std::string out;
    for (int i = 0; i < hits; ++i) {
      out += sampler_.takes(value) ? 'x' : '.';
    }
    return out;
  }

  HitSampler sampler_;
};

TEST_F(HitSamplerTest, TakesEachNthHit) {
  EXPECT_EQ(taken("1/1", 3), "xxx");
  EXPECT_EQ(taken("1/3", 7), "..x..x.");
  EXPECT_EQ(taken(" 1/2 ", 2), "x.") << "the last hit of before counts";
}

TEST_F(HitSamplerTest, RequestsThatWantNoneDoNotCount) {
  EXPECT_EQ(taken("1/2", 1), ".");
  EXPECT_EQ(taken("", 3), "...");
  EXPECT_EQ(taken("0", 3), "...");
  EXPECT_EQ(taken("1/2", 1), "x");
}

TEST_F(HitSamplerTest, AValueThatMakesNoSenseIsNone) {
  for (const char* value :
       {"yes", "1", "2/3", "1/0", "1/", "/3", "1/-1", "1/1.5", "1/99999999999999999999"}) {
    EXPECT_EQ(config::parse_share(value), std::nullopt) << value;
    EXPECT_EQ(taken(value, 2), "..") << value;
  }
}

}  // namespace
}  // namespace zc::daemon
