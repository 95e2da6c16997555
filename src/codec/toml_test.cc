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

// Their texts can be replaced, whatever letters stand before them.
TEST(Toml, EntriesSayWhereTheirValuesAre) {
  const std::string text = "# ä\nb = \"ö\" # why\n\"ü\" = [\n  1,\n  2 ]\na=true";
  const auto entries = toml_entries(text);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 3U);
  const auto text_of = [&](std::size_t i) {
    return text.substr((*entries)[i].begin, (*entries)[i].end - (*entries)[i].begin);
  };
  EXPECT_EQ((*entries)[0].key, "b");
  EXPECT_EQ((*entries)[0].line, 2U);
  EXPECT_EQ(text_of(0), "\"ö\"");
  EXPECT_EQ((*entries)[1].line, 3U);
  EXPECT_EQ(text_of(1), "[\n  1,\n  2 ]");
  EXPECT_EQ(text_of(2), "true");
  EXPECT_FALSE(toml_entries("a = "));
}

}  // namespace
}  // namespace zc::codec
