#include "os/fine_times.h"

#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

TEST(FineTimes, BeginWithACertainKernel) {
  for (const char* release : {"6.13", "6.13.0-1-amd64", "6.20.1", "7.0"}) {
    EXPECT_TRUE(has_fine_times(release)) << release;
  }
  for (const char* release :
       {"6.12.9", "6.1.0-18-amd64", "5.15", "6", "6.", "", "x", "6.x", "-7.1"}) {
    EXPECT_FALSE(has_fine_times(release)) << release;
  }
}

// Hundreds of changes of one tick of the clock, each right after a look.
TEST(FineTimes, WhereTheyAreEachChangeShows) {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path() + "/file";
  const Result<Fd> fd = open_file(path, Open::kRewrite);
  ASSERT_TRUE(fd);
  ASSERT_TRUE(write_all(fd->get(), "0"));
  Result<FileStamp> before = stat_fd(fd->get());
  ASSERT_TRUE(before);
  if (!shows_each_change(fd->get(), *before)) {
    GTEST_SKIP() << "the kernel or the file system has no fine times";
  }
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(::pwrite(fd->get(), "1", 1, 0), 1);
    const Result<FileStamp> after = stat_fd(fd->get());
    ASSERT_TRUE(after);
    ASSERT_FALSE(after->same_content_as(*before)) << i;
    before = after;
  }
}

TEST(FineTimes, AFileOfWholeSecondsHasNone) {
  const test::TemporaryDirectory directory;
  const Result<Fd> fd = open_file(directory.path() + "/file", Open::kRewrite);
  ASSERT_TRUE(fd);
  EXPECT_FALSE(shows_each_change(fd->get(), FileStamp{.ctime_ns = 5'000'000'000}));
}

}  // namespace
}  // namespace zc::os
