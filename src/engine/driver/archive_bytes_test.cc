#include "engine/driver/archive_bytes.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace zc::engine::driver {
namespace {

constexpr std::string_view kArchive = "!<arch>\n";
constexpr std::string_view kThinArchive = "!<thin>\n";

std::string padded(std::string_view text, std::size_t size) {
  std::string out(text);
  out.resize(size, ' ');
  return out;
}

std::string header(std::string_view name, std::string_view time, std::string_view owner,
                   std::string_view mode, std::size_t size) {
  return padded(name, 16) + padded(time, 12) + padded(owner, 6) + padded(owner, 6) +
         padded(mode, 8) + padded(std::to_string(size), 10) + "`\n";
}

TEST(ArchiveBytes, KnowsAnArchiveByItsBeginning) {
  EXPECT_TRUE(is_archive(kArchive));
  EXPECT_TRUE(is_archive(kThinArchive));
  EXPECT_FALSE(
      is_archive("\x7f"
                 "ELF"));
  EXPECT_FALSE(is_archive(""));
}

TEST(ArchiveBytes, WithoutTimesOwnersAndModesAMemberTellsNothing) {
  const std::string index = header("/", "0", "0", "0", 3) + "abc\n";
  EXPECT_TRUE(tells_nothing_of_members(kArchive));
  EXPECT_TRUE(tells_nothing_of_members(std::string(kArchive) + index + header("//", "", "", "", 2) +
                                       "x\n" + header("a.o/", "0", "0", "644", 2) + "ab"));
  for (const std::string& member :
       {header("a.o/", "1700000000", "0", "644", 2), header("a.o/", "0", "1000", "644", 2),
        header("a.o/", "0", "0", "600", 2)}) {
    EXPECT_FALSE(tells_nothing_of_members(std::string(kArchive) + index + member + "ab"));
  }
  EXPECT_FALSE(
      tells_nothing_of_members(std::string(kArchive) + header("/", "17", "0", "0", 2) + "ab"));
}

TEST(ArchiveBytes, MembersOfAThinArchiveAreElsewhere) {
  const std::string thin = std::string(kThinArchive) + header("/", "0", "0", "0", 2) + "ab" +
                           header("//", "", "", "", 4) + "a.o/" +
                           header("/0", "0", "0", "644", 5000);
  EXPECT_TRUE(tells_nothing_of_members(thin + header("/0", "0", "0", "644", 7)));
  EXPECT_FALSE(tells_nothing_of_members(thin + header("/0", "9", "0", "644", 7)));
}

TEST(ArchiveBytes, WhatIsNoArchiveIsNotBelieved) {
  const std::string whole = std::string(kArchive) + header("a.o/", "0", "0", "644", 2) + "ab";
  EXPECT_FALSE(tells_nothing_of_members("something else"));
  EXPECT_FALSE(tells_nothing_of_members(whole.substr(0, 40)));
  EXPECT_FALSE(tells_nothing_of_members(std::string(kArchive) + header("a", "0", "0", "644", 900)));
  EXPECT_FALSE(tells_nothing_of_members(whole + "x"));
}

}  // namespace
}  // namespace zc::engine::driver
