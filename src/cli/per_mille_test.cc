#include "cli/per_mille.h"

#include <gtest/gtest.h>

namespace zc::cli {
namespace {

TEST(PerMille, IsARateInPercent) {
  EXPECT_EQ(per_mille("95%"), 950U);
  EXPECT_EQ(per_mille("95"), 950U);
  EXPECT_EQ(per_mille("92.5%"), 925U);
  EXPECT_EQ(per_mille("0"), 0U);
  EXPECT_EQ(per_mille("100%"), 1000U);
}

TEST(PerMille, IsNothingElse) {
  for (const char* text : {"", "%", "100.1%", "101", "-1", "9.55%", "9.%", ".5", "a", "9%%",
                           "99999999999999999999", "18446744073709551615"}) {
    EXPECT_FALSE(per_mille(text)) << text;
  }
}

}  // namespace
}  // namespace zc::cli
