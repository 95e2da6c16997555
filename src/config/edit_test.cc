#include "config/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::config {
namespace {

std::string edited(std::string_view text, const char* key, std::string_view value) {
  const auto out = with_value(text, *find_key(key), value);
  return out ? *out : out.error().message;
}

TEST(Edit, ANewValueGetsALineAtTheEnd) {
  EXPECT_EQ(edited("", "max_size", "5G"), "max_size = \"5G\"\n");
  EXPECT_EQ(edited("# mine\nlog = \"warn\"", "recache", "yes"),
            "# mine\nlog = \"warn\"\nrecache = true\n");
  EXPECT_EQ(edited("", "idle_timeout_secs", "60"), "idle_timeout_secs = 60\n");
  EXPECT_EQ(edited("", "min_compile_time", "50ms"), "min_compile_time = \"50ms\"\n");
  EXPECT_EQ(edited("", "extra_files", "a:/b c"), "extra_files = [\"a\", \"/b c\"]\n");
  EXPECT_EQ(edited("", "cache_buster", "a\"b\\c\n"), "cache_buster = \"a\\\"b\\\\c\\n\"\n");
}

TEST(Edit, AValueIsReplacedInItsPlace) {
  EXPECT_EQ(edited("# ä\nmax_size='1G' # why\nlog = \"warn\"\n", "max_size", "5G"),
            "# ä\nmax_size=\"5G\" # why\nlog = \"warn\"\n");
  EXPECT_EQ(
      edited("extra_files = [\n  \"a\", # one\n  \"b\"]\nlog = \"warn\"\n", "extra_files", "c"),
      "extra_files = [\"c\"]\nlog = \"warn\"\n");
  EXPECT_EQ(edited("links = 3 # wrong\n", "links", "never"), "links = \"never\" # wrong\n");
}

TEST(Edit, ATableIsOfAnotherProgram) {
  EXPECT_EQ(edited("[other]\nmax_size = 1\n", "max_size", "5G"),
            "max_size = \"5G\"\n[other]\nmax_size = 1\n");
}

TEST(Edit, WhatCannotBeUnderstoodStays) {
  EXPECT_EQ(edited("a = ", "max_size", "5G").substr(0, 6), "line 1");
  EXPECT_THAT(edited("[max_size]\na = 1\n", "max_size", "5G"), ::testing::HasSubstr("by hand"));
}

}  // namespace
}  // namespace zc::config
