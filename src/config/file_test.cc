#include "config/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

File parse(std::string_view text, Owner owner = Owner::kUser) {
  return parse_file("/f", text, owner);
}

// "key=value" of each entry.
std::vector<std::string> entries_of(const File& file) {
  std::vector<std::string> out;
  for (const Entry& entry : file.entries) {
    out.push_back(std::string(entry.key->name) + "=" + entry.value);
  }
  return out;
}

TEST(File, IsReadInItsOrderWithLines) {
  const File file = parse(
      "# mine\nmax_size = \"5G\"\nidle_timeout_secs = 60\n\nrecache = true\n"
      "extra_files = [\"a\", \"/b\"]\ncache_buster = 7\n");
  EXPECT_THAT(entries_of(file), ElementsAre("max_size=5G", "idle_timeout_secs=60", "recache=yes",
                                            "extra_files=a:/b", "cache_buster=7"));
  EXPECT_EQ(file.entries[2].line, 5U);
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_EQ(file.refusal, "");
}

TEST(File, AKeyThatIsUnknownOrOfTheClientIsNamedWithItsLine) {
  const File file = parse("\nmaxsize = \"5G\"\ncache_dir = \"/c\"\n[links]\na = 1\n");
  EXPECT_THAT(file.problems,
              ElementsAre("/f:2: maxsize: there is no such setting",
                          HasSubstr("/f:3: cache_dir: set ZCCACHE_CACHE_DIR instead"),
                          HasSubstr("/f:4: links: {\"a\":1} is not usable")));
  EXPECT_EQ(file.refusal, "");
}

TEST(File, AValueThatIsNotUsableGivesTheCarefulOne) {
  const File file = parse("read_only = \"maybe\"\nlinks = 3\nmax_size = \"big\"\n");
  EXPECT_THAT(entries_of(file), ElementsAre("read_only=yes", "links=never"));
  EXPECT_THAT(file.problems,
              ElementsAre("/f:1: read_only: \"maybe\" is not usable; expected yes or no; using yes",
                          HasSubstr("/f:2: links: 3 is not usable"),
                          HasSubstr("expected a size like 500M, 5G or 1T; using the default")));
  EXPECT_EQ(file.refusal, "");
}

// What a result depends on must be known, or nothing may be cached.
TEST(File, WhatItSaysOfInputsMustBeUsable) {
  for (const char* text :
       {"extra_files = \"a\"", "extra_files = [1]", "extra_files = [\"a:b\"]",
        "extra_files = [\"\"]", "cache_buster = [\"a\"]", "cache_buster = {a = 1}", "a = ", "[x"}) {
    const File file = parse(text);
    EXPECT_THAT(file.refusal, HasSubstr("no command is cached")) << text;
    EXPECT_THAT(file.problems, ElementsAre(file.refusal)) << text;
    EXPECT_THAT(entries_of(file), IsEmpty()) << text;
  }
  EXPECT_THAT(parse("a = 1\nb = ").refusal, HasSubstr("/f: line 2"));
  for (const char* text : {"extra_files = []", "cache_buster = \"\""}) {
    EXPECT_EQ(parse(text).refusal, "") << text;
    EXPECT_EQ(parse(text).entries.size(), 1U) << text;
  }
}

TEST(File, OfAProjectMaySetWhatIsListed) {
  const File file =
      parse("links = \"never\"\nmax_size = \"1G\"\nterminate_on_miss = true\nrecache = true\n",
            Owner::kProject);
  EXPECT_THAT(entries_of(file), ElementsAre("links=never"));
  EXPECT_EQ(file.problems.size(), 3U);
  EXPECT_THAT(file.problems[0], HasSubstr("/f:2: max_size: the file of a project cannot set it"));
}

}  // namespace
}  // namespace zc::config
