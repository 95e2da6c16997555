#include "os/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::os {
namespace {

TEST(Pattern, IsSearchedForAnywhere) {
  const Result<Pattern> pattern = Pattern::compile("^-j[0-9]+|seed=");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->is_in("-j12"));
  EXPECT_TRUE(pattern->is_in("--seed=1"));
  EXPECT_FALSE(pattern->is_in("x-j1"));
  EXPECT_FALSE(pattern->is_in(""));
}

TEST(Pattern, AMistakeIsNamed) {
  const Result<Pattern> pattern = Pattern::compile("(a");
  ASSERT_FALSE(pattern);
  EXPECT_THAT(pattern.error().message, testing::HasSubstr("(a"));
}

}  // namespace
}  // namespace zc::os
