#include "cli/format.h"

namespace zc::cli {
namespace {

TEST(Format, Bytes) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1024), "1.0 KB");
  EXPECT_EQ(format_bytes(1536), "1.5 KB");
  EXPECT_EQ(format_bytes((1U << 20) - 1), "1023.9 KB");
  EXPECT_EQ(format_bytes(3U << 20), "3.0 MB");
  EXPECT_EQ(format_bytes(std::uint64_t{5} << 30), "5.0 GB");
  EXPECT_EQ(format_bytes(~std::uint64_t{0}), "16777215.9 TB");
}

TEST(Format, Times) {
  EXPECT_EQ(format_uptime(45), "45s");
  EXPECT_EQ(format_uptime(187), "3m 7s");
  EXPECT_EQ(format_uptime(7500), "2h 5m");
  EXPECT_EQ(format_duration(850), "850ms");
  EXPECT_EQ(format_duration(1250), "1.2s");
  EXPECT_EQ(format_duration(184'000), "3m 4s");
}

TEST(Format, Rates) {
  EXPECT_EQ(format_rate(0, 0), "n/a");
  EXPECT_EQ(format_rate(0, 8), "0.0%");
  EXPECT_EQ(format_rate(1, 8), "12.5%");
  EXPECT_EQ(format_rate(999'999, 1'000'000), "99.9%");
  EXPECT_EQ(format_rate(8, 8), "100.0%");
}

TEST(Format, MoreHits) {
  EXPECT_EQ(format_more_hits(1, 5, 10), "+1 hit, 60.0% of look-ups in place of 50.0%");
  EXPECT_EQ(format_more_hits(3, 5, 10), "+3 hits, 80.0% of look-ups in place of 50.0%");
}

TEST(Format, WhatATerminalWouldObeyIsShown) {
  EXPECT_EQ(printable("a b/\xC3\xA4\xE4\xB8\xAD\\n"), "a b/\xC3\xA4\xE4\xB8\xAD\\n");
  EXPECT_EQ(printable("a\x1b[2J\nb\r\t\x7F"), "a\\x1b[2J\\nb\\r\\t\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xC2\x9BJ\xC2\x80\xC2\x9F\xC2\xA0"), "\\u009bJ\\u0080\\u009f\xC2\xA0");
  EXPECT_EQ(printable("\x9BJ\xC3\xA4"), "\\x9bJ\\xc3\\xa4") << "it is not UTF-8";
  EXPECT_EQ(printable("\xC2"), "\\xc2");
}

}  // namespace
}  // namespace zc::cli
