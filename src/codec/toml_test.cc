#include "codec/toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::codec {
namespace {

TEST(Toml, IsReadIntoTheValuesOfJson) {
  const auto read = parse_toml("names = [\"a\", \"b\"]\n[sub]\nflag = true\ncount = 3\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("names").elements().size(), 2U);
  EXPECT_EQ(read->at("names").elements().back().as_text(), "b");
  EXPECT_EQ(read->at("sub").at("count").as_u64(), 3U);
  EXPECT_EQ(read->at("sub").at("flag").dump_line(), "true");
}

TEST(Toml, AnErrorNamesItsLine) {
  const auto read = parse_toml("a = 1\nb = \n");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, ::testing::StartsWith("line 2: "));
}

}  // namespace
}  // namespace zc::codec
