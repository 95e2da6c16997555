// Which module files of gfortran count as others, and what a run that has made some depends on.
#include "engine/observed/module_files.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As gzip ends: the checksum, and the number of bytes.
std::string module_of(const std::string& checksum) {
  return "\x1f\x8b content" + checksum + "size";
}

class ModuleFilesTest : public testing::Test {
 protected:
  void given_made(const char* path, const std::string& bytes) {
    fs_.write(path, bytes);
    trace_.left.push_back({.path = path, .is_new_file = true});
  }
  // The facts, or why there are none.
  std::string found() {
    const auto names = find_other_modules(fs_, trace_, list_);
    names_ = names.value_or(std::set<std::string, std::less<>>());
    return names ? "" : std::string(compiler::text_of(names.error().reason).id);
  }

  test::MemFileSystem fs_;
  Trace trace_;
  InputList list_;
  std::set<std::string, std::less<>> names_;
};

TEST(ChecksumOfModule, IsWhatGzipPutsBeforeTheSize) {
  EXPECT_EQ(checksum_of_module(module_of("\x01\xab!z")), "01ab217a");
  EXPECT_EQ(checksum_of_module("GFORTRAN module version '10', not packed"), "");
  EXPECT_EQ(checksum_of_module("\x1f\x8b"
                               "12345678"),
            "")
      << "nothing is packed";
  EXPECT_EQ(checksum_of_module(""), "");
}

TEST(SplitModule, IsThePathAndTheChecksum) {
  const SplitModule parts =
      split_module(std::string_view("/w/m.mod\0"
                                    "01ab217a",
                                    17));
  EXPECT_EQ(parts.path, "/w/m.mod");
  EXPECT_EQ(parts.checksum, "01ab217a");
  EXPECT_EQ(split_module("/w/m.mod").checksum, "");
}

TEST_F(ModuleFilesTest, EachModuleThatWasMadeMayHaveReplacedAnother) {
  given_made("/w/m.mod", module_of("aaaa"));
  given_made("/w/m@sub.smod", module_of("bbbb"));
  given_made("/w/m.o", "object");
  EXPECT_EQ(found(), "");
  EXPECT_THAT(names_, ElementsAre(std::string("/w/m.mod\0"
                                              "61616161",
                                              17),
                                  std::string("/w/m@sub.smod\0"
                                              "62626262",
                                              22)));
}

TEST_F(ModuleFilesTest, AnotherFormatIsNotCompared) {
  given_made("/w/m.mod", "text");
  EXPECT_EQ(found(), "unrepeatable_input");
}

TEST_F(ModuleFilesTest, WhatIsComparedHasANameThatMustBeFree) {
  trace_.passing = {"/w/m.mod0", "/w/m@sub.smod0", "/tmp/cc1.s", "/w/other0", "/w/n.mod"};
  EXPECT_EQ(found(), "");
  EXPECT_THAT(names_, IsEmpty());
  ASSERT_EQ(list_.absences.size(), 2U);
  EXPECT_EQ(list_.absences[0].path, "/w/m.mod0/");
  EXPECT_EQ(list_.absences[1].path, "/w/m@sub.smod0/");
  trace_.taken = {"/w/m.mod0"};
  EXPECT_EQ(found(), "unrepeatable_input");
}

}  // namespace
}  // namespace zc::engine
