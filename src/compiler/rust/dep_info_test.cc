#include "compiler/rust/dep_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::compiler::rust {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kBlanks =
    "o p/n.d: s\\ r.rs a\\ b/inc.rs\n\n"
    "o p/libn.rlib: s\\ r.rs a\\ b/inc.rs\n\n"
    "s\\ r.rs:\n"
    "a\\ b/inc.rs:\n"
    "\n"
    "# env-dep:BAR\n"
    "# env-dep:EMPTY=\n"
    "# env-dep:FOO=a\\nb\\r\\\\ c=\t\xC3\xA9\n";

TEST(DepInfo, ReadsNamesAndVariables) {
  const auto info = parse_dep_info(kBlanks);
  ASSERT_TRUE(info);
  EXPECT_THAT(info->targets, ElementsAre("o p/n.d", "o p/libn.rlib"));
  EXPECT_THAT(info->files, ElementsAre("s r.rs", "a b/inc.rs"));
  ASSERT_EQ(info->env.size(), 3U);
  EXPECT_EQ(info->env[0].name, "BAR");
  EXPECT_EQ(info->env[0].value, std::nullopt);
  EXPECT_EQ(info->env[1].value, "");
  EXPECT_EQ(info->env[2].name, "FOO");
  EXPECT_EQ(info->env[2].value, "a\nb\r\\ c=\t\xC3\xA9");
}

TEST(DepInfo, IsWrittenForOtherTargets) {
  auto info = parse_dep_info(kBlanks);
  ASSERT_TRUE(info);
  info->targets = {"x.d"};
  info->env.resize(1);
  EXPECT_EQ(write_dep_info(*info),
            "x.d: s\\ r.rs a\\ b/inc.rs\n\ns\\ r.rs:\na\\ b/inc.rs:\n\n# env-dep:BAR\n");
}

// What rustc 1.63 wrote for --emit=dep-info,metadata,link.
TEST(DepInfo, OfAnOlderCompiler) {
  constexpr std::string_view kText =
      "a.rmeta: a.rs b.rs\n\nliba.rlib: a.rs b.rs\n\na.d: a.rs b.rs\n\na.rs:\nb.rs:\n\n"
      "# env-dep:A\n# env-dep:Z=1\n";
  const auto info = parse_dep_info(kText);
  ASSERT_TRUE(info);
  EXPECT_THAT(info->targets, ElementsAre("a.rmeta", "liba.rlib", "a.d"));
  EXPECT_THAT(info->files, ElementsAre("a.rs", "b.rs"));
  EXPECT_EQ(write_dep_info(*info), kText);
}

TEST(DepInfo, WithoutVariables) {
  const auto info = parse_dep_info("m.d: m.rs\n\nm.rs:\n");
  ASSERT_TRUE(info);
  EXPECT_THAT(info->targets, ElementsAre("m.d"));
  EXPECT_THAT(info->files, ElementsAre("m.rs"));
  EXPECT_THAT(info->env, IsEmpty());
}

TEST(DepInfo, OddNamesComeBack) {
  for (const char* name : {"a", " ", "  ", "a\\", "\\ ", "a\\\\ b", "a:", "a: b", "a:b", "#", "$",
                           "# env-dep:A", "t: a", "\t", "\\n"}) {
    const DepInfo info = {.targets = {"t", "t u: v"}, .files = {name, "z"}, .env = {}};
    const auto read = parse_dep_info(write_dep_info(info));
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(read->files, info.files) << name;
    EXPECT_EQ(read->targets, info.targets) << name;
  }
  for (const char* value : {"", "\n", "\r\n", "\\", "\\n", "=", " ", "# env-dep:", ": "}) {
    const DepInfo info = {.targets = {"t"}, .files = {"z"}, .env = {{"A", value}}};
    const auto read = parse_dep_info(write_dep_info(info));
    ASSERT_TRUE(read) << value;
    ASSERT_EQ(read->env.size(), 1U);
    EXPECT_EQ(read->env[0].value, value);
  }
}

TEST(DepInfo, NothingElseIsAccepted) {
  for (const char* text : {
           "",
           "\n",
           "m.d: m.rs\n",
           "m.d: m.rs\n\n",
           "m.d: m.rs\n\nm.rs:",
           "m.d: m.rs\nm.rs:\n",
           "m.d: m.rs\n\nm.rs:\n\n",
           "m.d: m.rs\r\n\r\nm.rs:\r\n",
           "m.d: m.rs n.rs\n\nm.rs:\n",
           "m.d: m.rs\n\nm.rs:\nn.rs:\n",
           "m.d:  m.rs\n\nm.rs:\n",
           "m.d: m.rs \\\n n.rs\n\nm.rs:\nn.rs:\n",
           "m.d: a b.rs\n\na b.rs:\n",
           "m.rs:\nm.d: m.rs\n\n",
           "m.d: m.rs\n\nm.rs:\n# env-dep:A=1\n",
           "m.d: m.rs\n\nm.rs:\n\n# env-dep:A=\\t\n",
           "m.d: m.rs\n\nm.rs:\n\n# env-dep:A=\\\n",
           "m.d: m.rs\n\nm.rs:\n\n# env-dep:A\\x\n",
           "m.d: m.rs\n\nm.rs:\n\n# checksum:blake3=00 file_len:1 m.rs\n",
           "m.d: m.rs\n\nm.rs:\n\n# env-dep:A=1",
       }) {
    EXPECT_FALSE(parse_dep_info(text)) << text;
  }
}

}  // namespace
}  // namespace zc::compiler::rust
