#include "compiler/rust/messages.h"

#include <random>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::compiler::rust {
namespace {

using Outputs = std::vector<Output>;
using namespace std::string_literals;

Output output(Role role, std::string path, std::string emit) {
  return {.role = role, .path = std::move(path), .emit = std::move(emit)};
}

const Outputs& here() {
  static const Outputs outputs = {output(Role::kDepInfo, "o/q.d", "dep-info"),
                                  output(Role::kRlib, "o/libq.rlib", "link"),
                                  output(Role::kCdylib, "o/libq.so", "link")};
  return outputs;
}

const Outputs& there() {
  static const Outputs outputs = {output(Role::kDepInfo, "a \"b\"/q.d", "dep-info"),
                                  output(Role::kRlib, "a \"b\"/libq.rlib", "link"),
                                  output(Role::kCdylib, "a \"b\"/libq.so", "link")};
  return outputs;
}

TEST(RustMessages, ArtifactLineIsAsRustcWritesIt) {
  EXPECT_EQ(artifact_line("o/a-b.d", "dep-info"),
            "{\"$message_type\":\"artifact\",\"artifact\":\"o/a-b.d\",\"emit\":\"dep-info\"}\n");
  EXPECT_EQ(artifact_line("c\\\x01\x7f\x1f\t\b\f\"\xC3\xA9", "link"),
            "{\"$message_type\":\"artifact\",\"artifact\":\"c\\\\\\u0001\x7f\\u001f\\t\\b\\f\\\""
            "\xC3\xA9\",\"emit\":\"link\"}\n");
}

TEST(RustMessages, ArtifactsAreNamedForTheOtherCommand) {
  const std::string text =
      str_cat("{\"$message_type\":\"diagnostic\"}\nfree text\n", artifact_line("o/q.d", "dep-info"),
              artifact_line("o/libq.so", "link"), "more\n", artifact_line("o/libq.rlib", "link"));
  const auto parts = split_messages(text, here());
  ASSERT_EQ(parts.size(), 5U);
  EXPECT_FALSE(parts[0].is_artifact);
  EXPECT_EQ(parts[0].text, "{\"$message_type\":\"diagnostic\"}\nfree text\n");
  EXPECT_TRUE(parts[2].is_artifact);
  EXPECT_EQ(parts[2].role, Role::kCdylib);
  EXPECT_EQ(parts[2].emit, "link");
  EXPECT_EQ(join_messages(parts, here()), text);
  EXPECT_EQ(
      join_messages(parts, there()),
      str_cat("{\"$message_type\":\"diagnostic\"}\nfree text\n",
              artifact_line("a \"b\"/q.d", "dep-info"), artifact_line("a \"b\"/libq.so", "link"),
              "more\n", artifact_line("a \"b\"/libq.rlib", "link")));
}

TEST(RustMessages, WhatIsNoArtifactOfTheCommandStands) {
  std::string unended = artifact_line("o/q.d", "dep-info");
  unended.pop_back();
  for (const std::string& text :
       {artifact_line("o/other.d", "dep-info"), artifact_line("o/q.d", "link"), unended,
        " " + artifact_line("o/q.d", "dep-info"), "\n\n"s, "x"s, "\0\n"s}) {
    const auto parts = split_messages(text, here());
    ASSERT_EQ(parts.size(), 1U) << text;
    EXPECT_FALSE(parts[0].is_artifact) << text;
    EXPECT_EQ(parts[0].text, text);
  }
  EXPECT_TRUE(split_messages("", here()).empty());
}

TEST(RustMessages, APartWithoutItsOutputIsNoMessage) {
  const std::string text = artifact_line("o/libq.so", "link");
  const auto parts = split_messages(text, here());
  EXPECT_EQ(join_messages(parts, std::span(here()).first(2)), std::nullopt);
}

TEST(RustMessages, JoiningGivesBackWhatWasSplit) {
  const std::vector<std::string> pieces = {artifact_line("o/q.d", "dep-info"),
                                           artifact_line("o/libq.rlib", "link"),
                                           artifact_line("o/libq.so", "link"),
                                           artifact_line("z", "link"),
                                           "{\"$message_type\":\"artifact\",\"artifact\":\"",
                                           "\n",
                                           "\r\n",
                                           "text",
                                           "\0"s,
                                           "\xFF"};
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same cases each time
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t left = random() % 12; left > 0; --left) {
      text += pieces[random() % pieces.size()];
    }
    const auto parts = split_messages(text, here());
    ASSERT_EQ(join_messages(parts, here()), text);
    const auto moved = join_messages(parts, there());
    ASSERT_TRUE(moved);
    const auto back = split_messages(*moved, there());
    ASSERT_EQ(join_messages(back, here()), text);
    const std::string packed = pack_messages(parts);
    const auto unpacked = unpack_messages(packed);
    ASSERT_TRUE(unpacked);
    ASSERT_EQ(join_messages(*unpacked, here()), text);
    ASSERT_EQ(pack_messages(*unpacked), packed);
  }
}

TEST(RustMessages, PackedPartsAreWhatTheHeaderSays) {
  const std::string text = str_cat("free text\n", artifact_line("o/q.d", "dep-info"), "T1\nA20 x\n",
                                   artifact_line("o/libq.rlib", "link"));
  const std::string packed = pack_messages(split_messages(text, here()));
  EXPECT_EQ(packed, "T10\nfree text\nA27 dep-info\nT9\nT1\nA20 x\nA21 link\n");
  const auto parts = unpack_messages(packed);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 4U);
  EXPECT_EQ((*parts)[0].text, "free text\n");
  EXPECT_TRUE((*parts)[1].is_artifact);
  EXPECT_EQ((*parts)[1].role, Role::kDepInfo);
  EXPECT_EQ((*parts)[1].emit, "dep-info");
  EXPECT_EQ((*parts)[2].text, "T1\nA20 x\n") << "what looks like parts is text";
  EXPECT_EQ((*parts)[3].role, Role::kRlib);
}

TEST(RustMessages, NothingIsPackedAsNothing) {
  EXPECT_EQ(pack_messages({}), "");
  const auto none = unpack_messages("");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(RustMessages, WhatIsNotPackedIsNotUnpacked) {
  for (const std::string& damaged : {"x"s,
                                     "free text\n"s,
                                     "T"s,
                                     "T\n"s,
                                     "T4\nabc"s,
                                     "T4"s,
                                     "T-1\na"s,
                                     "T 1\na"s,
                                     "Tx\na"s,
                                     "T18446744073709551615\na"s,
                                     "T99999999999999999999\na"s,
                                     "A"s,
                                     "A20"s,
                                     "A20 link"s,
                                     "A20link\n"s,
                                     "A256 link\n"s,
                                     "Ax link\n"s,
                                     "A-1 link\n"s,
                                     "A link\n"s,
                                     "T1\nab"s,
                                     "T1\na\n"s,
                                     "\0"s}) {
    EXPECT_FALSE(unpack_messages(damaged)) << testing::PrintToString(damaged);
  }
}

TEST(RustMessages, ANumberHasOneSpelling) {
  for (const std::string& odd : {"T01\na"s, "T00\n"s, "A020 link\n"s}) {
    EXPECT_FALSE(unpack_messages(odd)) << testing::PrintToString(odd);
  }
}

TEST(RustMessages, APackedArtifactOfNoOutputIsNoMessage) {
  for (const std::string& packed : {"A255 link\n"s, "A21 other\n"s, "A21 \n"s, "A22 link\n"s}) {
    const auto parts = unpack_messages(packed);
    EXPECT_TRUE(!parts || !join_messages(*parts, here())) << packed;
  }
}

}  // namespace
}  // namespace zc::compiler::rust
