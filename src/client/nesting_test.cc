#include "client/nesting.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::client {
namespace {

using Return = Nesting::Return;

os::FileStamp program(std::uint64_t inode) {
  return {.dev = 7, .ino = inode};
}

Nesting nesting(const std::string& value, std::vector<std::string> words) {
  std::vector<char*> args;
  for (std::string& word : words) {
    args.push_back(word.data());
  }
  return Nesting(value, args);
}

TEST(NestingTest, ThisVeryCommandReturnsOnceAndThenLoops) {
  std::string value;
  for (const Return expected : {Return::kNone, Return::kAgain, Return::kLoop}) {
    const Nesting now = nesting(value, {"-c", "a.c"});
    EXPECT_EQ(now.return_of(program(1)), expected);
    EXPECT_EQ(now.return_of(program(2)), Return::kNone);
    value = now.value_within(program(1));
  }
}

TEST(NestingTest, AnotherCommandIsNoReturn) {
  const std::string value = nesting("", {"-c", "a.c"}).value_within(program(1));
  for (const std::vector<std::string>& other :
       std::vector<std::vector<std::string>>{{"-c", "b.c"}, {"-c"}, {"-ca.c"}, {}}) {
    EXPECT_EQ(nesting(value, other).return_of(program(1)), Return::kNone);
  }
}

TEST(NestingTest, CommandsThatGrowEndAsWell) {
  std::string value;
  std::vector<std::string> words;
  std::vector<Return> seen;
  while (seen.size() < 100 && (seen.empty() || seen.back() != Return::kLoop)) {
    words.emplace_back("-DX");
    const Nesting now = nesting(value, words);
    seen.push_back(now.return_of(program(1)));
    value = now.value_within(program(1));
  }
  EXPECT_EQ(seen.front(), Return::kNone);
  EXPECT_EQ(seen.back(), Return::kLoop);
  EXPECT_LT(seen.size(), 20U);
}

TEST(NestingTest, TakesNoHarmFromOtherValues) {
  for (const std::string& value :
       {std::string(" "), std::string("1:2"), std::string("a:b:c"), std::string("1:2:3:4 : ::"),
        std::string("99999999999999999999999:1:1"), std::string(100'000, ':')}) {
    EXPECT_EQ(nesting(value, {"-c"}).return_of(program(1)), Return::kNone);
  }
}

TEST(NestingTest, DoesNotGrowWithoutBound) {
  std::string value;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    value = nesting(value, {"-c"}).value_within(program(i));
  }
  EXPECT_LT(value.size(), 4096U);
}

}  // namespace
}  // namespace zc::client
