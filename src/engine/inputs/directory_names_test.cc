#include "engine/inputs/directory_names.h"

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

class DirectoryNamesTest : public testing::Test {
 protected:
  DirectoryNamesTest() {
    fs_.write("/d/a.h", "");
    fs_.link("/d/Dangling.h", "nowhere");
    fs_.make_directory("/d/sub");
  }
  std::optional<DirectoryNames> read(std::size_t count) {
    os::OpenDirectory directory(fs_);
    EXPECT_EQ(directory.open(os::FileSystem::kNoDirectory, "/d"), 0);
    os::FileStamp stamp;
    EXPECT_EQ(fs_.stat_handle(directory.handle(), stamp), 0);
    return DirectoryNames::read(fs_, directory.handle(), stamp, count);
  }

  test::MemFileSystem fs_;
};

TEST_F(DirectoryNamesTest, WhatIsThereMayBeFound) {
  const auto names = read(10);
  ASSERT_TRUE(names);
  for (const char* name : {"a.h", "a.h/", "Dangling.h", "sub", "sub/", "sub/x"}) {
    EXPECT_TRUE(names->may_have(name)) << name;
  }
  for (const char* name : {"b.h", "b.h/", "a", "nowhere"}) {
    EXPECT_FALSE(names->may_have(name)) << name;
  }
}

// There are file systems that find it so.
TEST_F(DirectoryNamesTest, OtherLettersMayFindAFile) {
  const auto names = read(10);
  ASSERT_TRUE(names);
  EXPECT_TRUE(names->may_have("A.H"));
  EXPECT_TRUE(names->may_have("dangling.h"));
  EXPECT_TRUE(names->may_have("\xc3\xa4.h"));
  fs_.write("/d/\xc3\x84.h", "");
  EXPECT_FALSE(read(10)) << "which letters find this one?";
}

TEST_F(DirectoryNamesTest, AServerMayNotListAllThatItHas) {
  fs_.is_local = false;
  EXPECT_FALSE(read(10));
}

TEST_F(DirectoryNamesTest, ALargeDirectoryIsNotListedForFewNames) {
  fs_.set_size("/d", 4096);
  EXPECT_FALSE(read(10));
  EXPECT_TRUE(read(100));
}

}  // namespace
}  // namespace zc::engine
