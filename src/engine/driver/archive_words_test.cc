#include "engine/driver/archive_words.h"

#include <gtest/gtest.h>

namespace zc::engine::driver {
namespace {

std::string read(const std::vector<std::string_view>& words) {
  const std::optional<ArchiveWords> found = read_archive_words(words);
  return found ? found->operation + ' ' + found->archive : "none";
}

TEST(ArchiveWords, TheArchiveFollowsTheOperation) {
  EXPECT_EQ(read({"rcs", "lib.a", "a.o"}), "rcs lib.a");
  EXPECT_EQ(read({"-rcs", "lib.a", "a.o"}), "rcs lib.a");
  EXPECT_EQ(read({"qc", "lib.a"}), "qc lib.a");
}

TEST(ArchiveWords, AMemberOrACountMayComeBetween) {
  EXPECT_EQ(read({"ra", "old.o", "lib.a", "a.o"}), "ra lib.a");
  EXPECT_EQ(read({"dN", "2", "lib.a", "a.o"}), "dN lib.a");
}

TEST(ArchiveWords, LongOptionsComeFirst) {
  EXPECT_EQ(read({"--plugin", "p.so", "rcs", "lib.a"}), "rcs lib.a");
  EXPECT_EQ(read({"--target=elf64", "rcs", "lib.a"}), "rcs lib.a");
  EXPECT_EQ(read({"--format", "gnu", "rcs", "lib.a"}), "rcs lib.a");
}

TEST(ArchiveWords, AScriptHasNoArchive) {
  EXPECT_EQ(read({"-M"}), "M ");
}

TEST(ArchiveWords, WhatIsInAFileOrMissingIsNotFound) {
  EXPECT_EQ(read({}), "none");
  EXPECT_EQ(read({"@words"}), "none");
  EXPECT_EQ(read({"--version"}), "none");
}

}  // namespace
}  // namespace zc::engine::driver
