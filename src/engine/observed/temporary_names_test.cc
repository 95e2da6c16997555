#include "engine/observed/temporary_names.h"

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

std::string hidden(const std::string& messages, const std::vector<std::string_view>& passing) {
  const auto found = TemporaryNames::find(messages, passing);
  return found ? found->hide(messages) : "not known";
}

TEST(TemporaryNames, AreOthersOfTheSameFormEachTime) {
  const std::string messages = "/tmp/ccAbC123.o: in /tmp/main-0a1b2c.o and /tmp/ccAbC123.o\n";
  const std::string kept = hidden(messages, {"/tmp/ccAbC123.o", "/tmp/main-0a1b2c.o"});
  const std::string first = renew_temporary_names(kept, 1).value_or("");
  const std::string second = renew_temporary_names(kept, 2).value_or("");
  EXPECT_EQ(first.size(), messages.size());
  EXPECT_NE(first, messages);
  EXPECT_NE(first, second);
  EXPECT_EQ(first, renew_temporary_names(kept, 1));
  const std::size_t place = std::string("/tmp/cc").size();
  const std::string name = first.substr(place, 6);
  EXPECT_EQ(first.find(name, place + 1), messages.find("AbC123", place + 1)) << "both are the same";
  const std::string of_clang = first.substr(messages.find("0a1b2c"), 6);
  EXPECT_EQ(of_clang.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(TemporaryNames, OfPythonHaveAFormOfTheirOwn) {
  const std::string messages = "node /tmp/tmph0_djquz.json failed\n";
  const std::string kept = hidden(messages, {"/tmp/tmph0_djquz.json"});
  EXPECT_FALSE(kept.contains("h0_djquz"));
  const std::string renewed = renew_temporary_names(kept, 1).value_or("");
  EXPECT_EQ(renewed.size(), messages.size());
  EXPECT_NE(renewed, messages);
  EXPECT_TRUE(renewed.starts_with("node /tmp/tmp")) << renewed;
  EXPECT_TRUE(renewed.ends_with(".json failed\n")) << renewed;
}

TEST(TemporaryNames, WhatNoMessageNamesDoesNotMatter) {
  const auto found = TemporaryNames::find("main.o: no f\n", {"/tmp/ccAbC123.o", "/tmp/other"});
  EXPECT_TRUE(found && found->is_empty());
}

TEST(TemporaryNames, AnotherFormIsNotKnown) {
  EXPECT_EQ(hidden("/tmp/lto.o", {"/tmp/lto.o"}), "not known");
  EXPECT_EQ(hidden("/tmp/ccAbC12.o", {"/tmp/ccAbC12.o"}), "not known");
  EXPECT_EQ(hidden("/tmp/main-0A1B2C.o", {"/tmp/main-0A1B2C.o"}), "not known");
  EXPECT_EQ(hidden("/tmp/tmph0_djqu.json", {"/tmp/tmph0_djqu.json"}), "not known");
  EXPECT_EQ(hidden("/tmp/tmph0Bdjquz.json", {"/tmp/tmph0Bdjquz.json"}), "not known");
  EXPECT_EQ(hidden("\1 /tmp/ccAbC123.o", {"/tmp/ccAbC123.o"}), "not known");
}

TEST(TemporaryNames, DamageIsNoMessage) {
  EXPECT_FALSE(renew_temporary_names("/tmp/cc\1", 1));
  EXPECT_FALSE(renew_temporary_names("/tmp/cc\1x0", 1));
  EXPECT_EQ(renew_temporary_names("plain\n", 1), "plain\n");
}

}  // namespace
}  // namespace zc::engine
