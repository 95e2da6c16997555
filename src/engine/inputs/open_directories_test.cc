#include "engine/inputs/open_directories.h"

#include <cerrno>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "support/temporary_directory.h"

namespace zc::engine {
namespace {

class OpenDirectoriesTest : public testing::Test {
 protected:
  OpenDirectoriesTest() {
    std::filesystem::create_directories(top_ + "/a/b/c");
    std::filesystem::create_directories(top_ + "/ab/c");
    std::filesystem::create_directories(top_ + "/else/b");
    std::filesystem::create_symlink("a", top_ + "/link");
    std::filesystem::create_symlink("../../else/b", top_ + "/a/b/out");
    EXPECT_EQ(here_.open(os::FileSystem::kNoDirectory, top_.c_str()), 0);
  }

  // Whether it leads to where `expected` does; both are below the top.
  testing::AssertionResult leads_to(OpenDirectories& opened, const std::string& path, bool is_real,
                                    const std::string& expected) {
    os::DirectoryHandle handle = os::FileSystem::kNoDirectory;
    if (const int err = opened.open(path, is_real, handle); err != 0) {
      return testing::AssertionFailure() << path << ": error " << err;
    }
    os::FileStamp found;
    os::FileStamp wanted;
    EXPECT_EQ(fs_.stat_handle(handle, found), 0);
    EXPECT_EQ(fs_.stat(os::FileSystem::kNoDirectory, (top_ + expected).c_str(), wanted), 0);
    return found.same_file_as(wanted) ? testing::AssertionSuccess()
                                      : testing::AssertionFailure() << path << " is another one";
  }

  const test::TemporaryDirectory directory_;
  const std::string top_ = std::filesystem::canonical(directory_.path());
  const os::PosixFileSystem fs_;
  os::OpenDirectory here_{fs_};
};

TEST_F(OpenDirectoriesTest, EachPathLeadsWhereItSays) {
  OpenDirectories opened(fs_, here_.handle());
  for (const std::string path : {"/a", "/a/b", "/a/b/c", "/a/b/out", "/a/b/out/..", "/ab/c", "/a/b",
                                 "/a/b/c/../..", "/a/b//c", "/link", "/link/b", "/link/b/c", "/"}) {
    EXPECT_TRUE(leads_to(opened, top_ + path, false, path));
  }
  EXPECT_TRUE(leads_to(opened, "a", false, "/a"));
  EXPECT_TRUE(leads_to(opened, "a/b", false, "/a/b"));
  EXPECT_TRUE(leads_to(opened, top_, false, ""));
}

TEST_F(OpenDirectoriesTest, NoSymlinkLeadsToARealOne) {
  OpenDirectories opened(fs_, here_.handle());
  os::DirectoryHandle handle = os::FileSystem::kNoDirectory;
  EXPECT_TRUE(leads_to(opened, top_ + "/link", false, "/a"));
  EXPECT_NE(opened.open(top_ + "/link/b", true, handle), 0) << "below one that is open";
  EXPECT_TRUE(leads_to(opened, top_ + "/a", false, "/a"));
  EXPECT_TRUE(leads_to(opened, top_ + "/a/b", true, "/a/b"));
  EXPECT_TRUE(leads_to(opened, top_ + "/a/b/c", true, "/a/b/c"));
  EXPECT_NE(opened.open(top_ + "/a/b/out", true, handle), 0);
}

TEST_F(OpenDirectoriesTest, WhatIsMissingIsAnError) {
  OpenDirectories opened(fs_, here_.handle());
  os::DirectoryHandle handle = os::FileSystem::kNoDirectory;
  EXPECT_EQ(opened.open(top_ + "/gone", false, handle), ENOENT);
  EXPECT_TRUE(leads_to(opened, top_ + "/a", false, "/a"));
  EXPECT_EQ(opened.open(top_ + "/a/gone", false, handle), ENOENT);
  EXPECT_TRUE(leads_to(opened, top_ + "/a/b", false, "/a/b"));
}

}  // namespace
}  // namespace zc::engine
