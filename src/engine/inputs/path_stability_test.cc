#include "engine/inputs/path_stability.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "os/file_system.h"
#include "support/temporary_directory.h"

namespace zc::engine {
namespace {

namespace fs = std::filesystem;

// On a real file system: what it does to the times of directories is the point.
class MovedDirectoriesTest : public testing::Test {
 protected:
  MovedDirectoriesTest() {
    fs::create_directories(top_ / "one/inner");
    fs::create_directories(top_ / "two/inner");
    write("one/inner/a.h");
    write("two/inner/a.h");
    fs::create_directory_symlink("one", top_ / "current");
    fs::create_symlink("inner/a.h", top_ / "one/first.h");
    start_ns_ = after_all();
  }

  void write(const std::string& name) { std::ofstream(top_ / name) << "int a;\n"; }

  // A moment that all files here are older than.
  std::int64_t after_all() {
    os::FileStamp stamp;
    std::int64_t newest = 0;
    do {
      write("clock");
      EXPECT_EQ(os_.stat(os::FileSystem::kNoDirectory, (top_ / "clock").c_str(), stamp), 0);
      newest = newest == 0 ? stamp.ctime_ns : newest;
    } while (stamp.ctime_ns == newest);
    return stamp.ctime_ns;
  }

  bool moved(const std::string& name, std::string_view cwd = "/") {
    os::OpenDirectory directory(os_);
    EXPECT_EQ(directory.open(os::FileSystem::kNoDirectory, std::string(cwd).c_str()), 0);
    return MovedDirectories(os_, directory.handle(), cwd, start_ns_).are_on_way_to(name);
  }

  const os::PosixFileSystem os_;
  test::TemporaryDirectory scratch_;
  const fs::path top_ = scratch_.path();
  std::int64_t start_ns_ = 0;
};

TEST_F(MovedDirectoriesTest, ADescriptorIsAnotherFileInEachProcess) {
  fs::create_symlink("/dev/fd/9", top_ / "descriptor.h");
  fs::create_symlink("/proc/self/fd", top_ / "descriptors");
  start_ns_ = after_all();
  EXPECT_TRUE(moved(top_ / "descriptor.h"));
  EXPECT_TRUE(moved(top_ / "descriptors/9"));
}

TEST_F(MovedDirectoriesTest, NothingHasMovedWhereNothingWasDone) {
  EXPECT_FALSE(moved(top_ / "one/inner/a.h"));
  EXPECT_FALSE(moved(top_ / "current/inner/a.h"));
  EXPECT_FALSE(moved(top_ / "current/first.h"));
  EXPECT_FALSE(moved(top_ / "current/../one/./inner/a.h"));
  EXPECT_FALSE(moved(top_ / "one/missing/a.h"));
}

TEST_F(MovedDirectoriesTest, NamesThatComeAndGoMoveNoDirectory) {
  write("one/inner/b.h");
  fs::create_directory(top_ / "one/new");
  fs::remove_all(top_ / "one/new");
  fs::remove(top_ / "one/inner/b.h");
  EXPECT_FALSE(moved(top_ / "one/inner/a.h"));
}

TEST_F(MovedDirectoriesTest, ASymlinkThatWasTurned) {
  fs::remove(top_ / "current");
  fs::create_directory_symlink("two", top_ / "current");
  EXPECT_TRUE(moved(top_ / "current/inner/a.h"));
  EXPECT_TRUE(moved("current/inner/a.h", top_.native()));
  EXPECT_FALSE(moved(top_ / "two/inner/a.h"));
}

TEST_F(MovedDirectoriesTest, ADirectoryThatTookTheNameOfAnother) {
  fs::rename(top_ / "one", top_ / "old");
  fs::rename(top_ / "two", top_ / "one");
  EXPECT_TRUE(moved(top_ / "one/inner/a.h"));
  // The working directory itself is the same, whatever it is called now.
  EXPECT_FALSE(moved("inner/a.h", (top_ / "one").native()));
}

TEST_F(MovedDirectoriesTest, BehindASymlinkAsWell) {
  fs::rename(top_ / "one/inner", top_ / "one/other");
  fs::rename(top_ / "two/inner", top_ / "one/inner");
  EXPECT_TRUE(moved(top_ / "current/first.h"));
}

TEST_F(MovedDirectoriesTest, ASymlinkToAFile) {
  fs::remove(top_ / "one/first.h");
  fs::create_symlink("../two/inner/a.h", top_ / "one/first.h");
  EXPECT_TRUE(moved(top_ / "one/first.h"));
}

TEST_F(MovedDirectoriesTest, LinksWithoutEnd) {
  fs::create_symlink("b", top_ / "a");
  fs::create_symlink("a", top_ / "b");
  start_ns_ = after_all();
  EXPECT_FALSE(moved(top_ / "a"));
}

}  // namespace
}  // namespace zc::engine
