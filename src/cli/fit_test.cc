#include "cli/fit.h"

#include <gtest/gtest.h>

namespace zc::cli {
namespace {

TEST(Fit, NothingThatIsShownMovesTheCursor) {
  EXPECT_EQ(fit("a\x1b[2Jb\r\n\x7F", 80), "a\\x1b[2Jb\\r\\n\\x7f");
  EXPECT_EQ(fit("a\xFF\xC3\xA4", 80), "a\\xff\\xc3\\xa4");
  EXPECT_EQ(fit_end("a\x1b[2Jb\r\n\x7F", 80), "a\\x1b[2Jb\\r\\n\\x7f");
}

TEST(Fit, SaysThatSomethingIsLeftOut) {
  EXPECT_EQ(fit("abc", 3), "abc");
  EXPECT_EQ(fit("abcd", 3), "ab…");
  EXPECT_EQ(fit("ab\n", 3), "ab…");
  EXPECT_EQ(fit("abc", 1), "…");
  EXPECT_EQ(fit("abc", 0), "");
  EXPECT_EQ(fit("", 0), "");
}

TEST(Fit, KeepsTheEndOfAPath) {
  EXPECT_EQ(fit_end("/a/b.o", 6), "/a/b.o");
  EXPECT_EQ(fit_end("/a/b.o", 5), "…/b.o");
  EXPECT_EQ(fit_end("/a/b.o", 1), "…");
  EXPECT_EQ(fit_end("/a/b.o", 0), "");
}

TEST(Fit, KeepsBothEndsOfALine) {
  EXPECT_EQ(fit_ends("abcdef", 6), "abcdef");
  EXPECT_EQ(fit_ends("abcdef", 5), "ab…ef");
  EXPECT_EQ(fit_ends("abcdef", 4), "a…ef");
  EXPECT_EQ(fit_ends("abcdef", 2), "…f");
  EXPECT_EQ(fit_ends("abcdef", 1), "…");
  EXPECT_EQ(fit_ends("abcdef", 0), "");
  EXPECT_EQ(fit_ends("中中中中", 7), "中…中");
}

TEST(Fit, CharactersStayWhole) {
  EXPECT_EQ(fit("äää", 3), "äää");
  EXPECT_EQ(fit("äää", 2), "ä…");
  EXPECT_EQ(fit_end("äää", 2), "…ä");
  EXPECT_EQ(fit_end("äää", 1), "…");
  EXPECT_EQ(fit("中中", 4), "中中");
  EXPECT_EQ(fit("中中", 3), "中…");
  EXPECT_EQ(fit("中中", 2), "…") << "each of them is two columns wide";
  EXPECT_EQ(fit_end("中中", 3), "…中");
  EXPECT_EQ(width_of("a中ä"), 4U);
}

TEST(Fit, WhatFitsAlreadyStays) {
  EXPECT_EQ(width_of("…b…"), 3U);
  EXPECT_EQ(fit("…b…", 3), "…b…");
  EXPECT_EQ(fit("…b…", 2), "……");
  EXPECT_EQ(fit_end("…b…", 2), "……");
}

}  // namespace
}  // namespace zc::cli
