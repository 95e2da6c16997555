#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/path.h"
#include "base/str.h"
#include "base/subcommands.h"

namespace zc {
namespace {

TEST(Bytes, ReadsBackWhatWasWritten) {
  ByteWriter out;
  out.u8(1);
  out.u16(0x0203);
  out.u32(0x04050607);
  out.u64(0x08090A0B0C0D0E0FULL);
  out.sized("text");
  ByteReader in(out.bytes());
  EXPECT_EQ(in.u8(), 1);
  EXPECT_EQ(in.u16(), 0x0203);
  EXPECT_EQ(in.u32(), 0x04050607U);
  EXPECT_EQ(in.u64(), 0x08090A0B0C0D0E0FULL);
  EXPECT_EQ(in.sized(), "text");
  EXPECT_TRUE(in.done());
  EXPECT_FALSE(in.bad());
}

TEST(Bytes, NeverReadsPastTheEnd) {
  ByteReader in(std::string_view("\x05\0\0\0ab", 6));
  EXPECT_EQ(in.sized(), "");
  EXPECT_TRUE(in.bad());
  EXPECT_EQ(in.u64(), 0U);
}

TEST(Str, Splits) {
  EXPECT_EQ(split("a::b", ':'), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ':'), (std::vector<std::string_view>{""}));
}

TEST(Str, ParsesWholeNumbersOnly) {
  EXPECT_EQ(parse_u64("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_u64("18446744073709551616"), std::nullopt);
  for (const char* text : {"", "-1", "1 ", "0x1", "1a"}) {
    EXPECT_EQ(parse_u64(text), std::nullopt) << text;
  }
}

TEST(Str, Truth) {
  for (const char* text : {"1", "true", "YES", " on "}) {
    EXPECT_TRUE(is_truthy(text)) << text;
  }
  for (const char* text : {"", "0", "off", "2", "no"}) {
    EXPECT_FALSE(is_truthy(text)) << text;
  }
}

TEST(Str, JsonIsAlwaysValid) {
  EXPECT_EQ(json_escape("a\"b\\c\n\x01\x7f"), "a\\\"b\\\\c\\n\\u0001\\u007f");
  EXPECT_EQ(json_escape("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  constexpr const char* kReplacement = "\xEF\xBF\xBD";
  EXPECT_EQ(json_escape("\xFF"), kReplacement);
  EXPECT_EQ(json_escape("\xC3"), kReplacement);
  // Overlong, surrogate and too large: none of them is UTF-8.
  for (const char* text : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    EXPECT_TRUE(json_escape(text).starts_with(kReplacement)) << to_hex(text);
  }
}

TEST(Path, Parts) {
  EXPECT_EQ(base_name("/usr/bin/gcc"), "gcc");
  EXPECT_EQ(base_name("gcc"), "gcc");
  EXPECT_EQ(dir_name("/a"), "/");
  EXPECT_EQ(dir_name("a"), ".");
  EXPECT_EQ(dir_name("a/b/c"), "a/b");
  EXPECT_EQ(without_dots("/a/./b//c"), "/a/b/c");
  EXPECT_EQ(without_dots("./a"), "a");
  EXPECT_EQ(without_dots("a/."), "a/");
  EXPECT_EQ(without_dots("//"), "/");
  EXPECT_EQ(without_dots("/a/../.b"), "/a/../.b");
  EXPECT_EQ(without_dots(""), "");
  EXPECT_EQ(join_path("/w", "a"), "/w/a");
  EXPECT_EQ(join_path("/", "a"), "/a");
  EXPECT_EQ(join_path("/w", "/a"), "/a");
  EXPECT_EQ(strip_extension("a.b/c"), "a.b/c");
  EXPECT_EQ(strip_extension("a/b.c.o"), "a/b.c");
  EXPECT_EQ(strip_extension("a/.profile"), "a/.profile");
  EXPECT_EQ(extension("x.tar.gz"), ".gz");
}

TEST(Path, AtOrBelowIsToldByTheText) {
  EXPECT_TRUE(is_at_or_below("/a/b", "/a/b"));
  EXPECT_TRUE(is_at_or_below("/a/b/c", "/a/b/"));
  EXPECT_TRUE(is_at_or_below("/a", "/"));
  EXPECT_FALSE(is_at_or_below("/a/bc", "/a/b"));
  EXPECT_FALSE(is_at_or_below("/a", "/a/b"));
}

TEST(Path, ClimbsWhereAComponentIsTwoDots) {
  for (const char* path : {"..", "/..", "../a", "/a/../b", "a/..", "..a/.."}) {
    EXPECT_TRUE(has_dotdot(path)) << path;
  }
  for (const char* path : {"", "/", ".", "/a/...", "..a", "a..", "/a..b/..c", "/..../"}) {
    EXPECT_FALSE(has_dotdot(path)) << path;
  }
}

TEST(Path, AListHasAPathInEachLine) {
  EXPECT_EQ(paths_in_list("a\n\n b c \t\r\n \nd"), (std::vector<std::string>{"a", " b c", "d"}));
  EXPECT_TRUE(paths_in_list("").empty());
}

TEST(Subcommands, AreKnown) {
  EXPECT_TRUE(is_subcommand("kill"));
  EXPECT_FALSE(is_subcommand("gcc"));
  EXPECT_FALSE(is_subcommand(""));
}

TEST(Str, SplitsIntoWords) {
  EXPECT_EQ(split_words(" a,b  c, ", " ,"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(split_words("word", " "), std::vector<std::string>{"word"});
  EXPECT_TRUE(split_words("", " ").empty());
  EXPECT_TRUE(split_words(" , ", " ,").empty());
}

}  // namespace
}  // namespace zc
