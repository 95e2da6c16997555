#include "engine/explain/command_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::engine::explain {
namespace {

using history::Change;
using history::ChangeKind;
using testing::ElementsAre;
using testing::IsEmpty;

struct KeyedCompile final : CacheableCompile {
  KeyedCompile(const os::FileSystem& fs, codec::Key key) : CacheableCompile(fs, {}) {
    source = "a.c";
    set_key(std::move(key));
  }
  void plan(RunPlan&) const override {}
  compiler::OrBypass<InputList> learn(const RunOutputs&) override { return InputList(); }
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
};

// One field, perhaps with a second one behind it.
struct Fields {
  std::string tag;
  std::string bytes;
  std::string next_tag = {};
  std::string next_bytes = {};
};

std::vector<Part> parts(const std::vector<Fields>& fields) {
  const os::PosixFileSystem fs;
  codec::KeyHasher key("test");
  for (const Fields& field : fields) {
    key.field(field.tag, field.bytes);
    if (!field.next_tag.empty()) {
      key.field(field.next_tag, field.next_bytes);
    }
  }
  return parts_of(KeyedCompile(fs, key.finish_key()));
}

std::string text(const std::vector<Fields>& before, const std::vector<Fields>& after) {
  std::string out;
  for (const Change& change : differences(parts(before), parts(after))) {
    out += text_of(change) + '\n';
  }
  return out;
}

std::string raw(const char* content) {
  return std::string(codec::digest_of(content).view());
}
std::string shown(const char* content) {
  return history::short_text(codec::digest_of(content));
}

TEST(CommandParts, AWordThatStandsWhereAnotherWasIsItsSuccessor) {
  using std::string_literals::operator""s;
  EXPECT_EQ(text({{"arg", "-O\0"s + "2"}, {"arg", "-c"}}, {{"arg", "-O\0"s + "3"}, {"arg", "-c"}}),
            "the word -O2 is now -O3\n");
  EXPECT_EQ(text({{"arg", "-c"}}, {{"arg", "-c"}, {"arg", "-include\0"s + "x.h"}}),
            "the word -include x.h is new\n");
  EXPECT_EQ(text({{"arg", "-a"}, {"arg", "-b"}, {"arg", "-c"}}, {{"arg", "-a"}, {"arg", "-c"}}),
            "the word -b is gone\n");
}

TEST(CommandParts, WordsInAnotherOrderAreNoLongerWhereTheyWere) {
  EXPECT_EQ(text({{"arg", "-Ia"}, {"arg", "-Ib"}}, {{"arg", "-Ib"}, {"arg", "-Ia"}}),
            "the word -Ia is gone\nthe word -Ia is new\n");
}

TEST(CommandParts, ManyWordsAreComparedWithoutATable) {
  std::vector<Fields> before;
  std::vector<Fields> after;
  for (int i = 0; i < 1'100; ++i) {
    before.push_back({"arg", "a" + std::to_string(i)});
    after.push_back({"arg", "b" + std::to_string(i)});
  }
  EXPECT_EQ(differences(parts(before), parts(after)).size(), 1'100U);
}

TEST(CommandParts, OnlyHarmlessVariablesAreShown) {
  EXPECT_EQ(text({{"env", "LANG", "value", "C"}}, {{"env", "LANG", "value", "de"}}),
            "the variable LANG C is now de\n");
  EXPECT_EQ(text({{"variable", "TOKEN", "value", "a"}}, {{"variable", "TOKEN", "value", "b"}}),
            "the variable TOKEN " + shown("a") + " is now " + shown("b") + "\n");
  EXPECT_EQ(text({}, {{"env", "CPATH", "value", "/x"}}), "the variable CPATH /x is new\n");
}

TEST(CommandParts, ContentsAreToldByTheirFiles) {
  EXPECT_EQ(text({{"source-content", raw("1")}}, {{"source-content", raw("2")}}),
            "the file a.c has another content (" + shown("1") + ", now " + shown("2") + ")\n");
  EXPECT_EQ(
      text({{"file", "f.map", "content", raw("1")}}, {{"file", "f.map", "content", raw("2")}}),
      "the file f.map has another content (" + shown("1") + ", now " + shown("2") + ")\n");
  EXPECT_EQ(text({{"toolchain", raw("1")}}, {{"toolchain", raw("2")}}),
            "the compiler " + shown("1") + " is now " + shown("2") + "\n");
}

TEST(CommandParts, PathsHaveTheirRoots) {
  EXPECT_EQ(text({{"root", "checkout", "source", "/a.rs"}}, {{"root", "", "source", "/b.rs"}}),
            "the path of the source <checkout>/a.rs is now /b.rs\n");
}

TEST(CommandParts, TheSameIsNoChange) {
  const std::vector<Fields> fields = {{"arg", "-c"}, {"env", "LANG", "value", "C"}, {"cwd", "/w"}};
  EXPECT_THAT(differences(parts(fields), parts(fields)), IsEmpty());
}

TEST(CommandParts, OfOneChangeThereIsOneLine) {
  std::vector<Change> changes;
  add_once({.kind = ChangeKind::kFile, .name = "a.h", .before = "1", .after = "2"}, changes);
  add_once({.kind = ChangeKind::kFile, .name = "a.h", .before = "1", .after = "2", .changed_ns = 7},
           changes);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front().changed_ns, 7);
}

TEST(CommandParts, DamagedFieldsHaveNone) {
  const os::PosixFileSystem fs;
  EXPECT_THAT(parts_of(KeyedCompile(fs, {.digest = {}, .fields = "damaged"})), IsEmpty());
  EXPECT_THAT(parts_of(KeyedCompile(fs, {.digest = {}, .fields = {}})), IsEmpty());
}

}  // namespace
}  // namespace zc::engine::explain
