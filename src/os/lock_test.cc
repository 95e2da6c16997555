#include "os/lock.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

FileLock take(const std::string& path) {
  Result<std::optional<FileLock>> lock = FileLock::try_take(path);
  EXPECT_TRUE(lock && lock->has_value());
  return **std::move(lock);
}

TEST(FileLock, ExcludesAndLetsGo) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  EXPECT_FALSE(is_lock_held(path));
  {
    const FileLock lock = take(path);
    EXPECT_TRUE(is_lock_held(path));
    const Result<std::optional<FileLock>> second = FileLock::try_take(path);
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->has_value());
  }
  EXPECT_FALSE(is_lock_held(path));
  take(path);
}

TEST(FileLock, IsPrivateAndHoldsText) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  const FileLock lock = take(path);
  ASSERT_TRUE(lock.write("a long first text"));
  ASSERT_TRUE(lock.write("short"));
  EXPECT_EQ(read_path(path, 100), "short");
  EXPECT_EQ(stat_path(path)->mode & 07777, 0600U);
}

TEST(FileLock, NoticesThatItsNameIsAnotherFile) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "lock";
  const FileLock first = take(path);
  EXPECT_TRUE(first.is_at(path));
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_FALSE(first.is_at(path));
  const FileLock second = take(path);
  EXPECT_FALSE(first.is_at(path));
  EXPECT_TRUE(second.is_at(path));
}

TEST(FileLock, NeedsItsDirectory) {
  const test::TemporaryDirectory directory;
  const Result<std::optional<FileLock>> lock = FileLock::try_take(directory / "missing/lock");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, Code::kNotFound);
}

TEST(FileLock, DoesNotFollowAPlantedSymlink) {
  const test::TemporaryDirectory directory;
  ASSERT_EQ(::symlink("/nowhere", (directory / "lock").c_str()), 0);
  EXPECT_FALSE(FileLock::try_take(directory / "lock"));
}

TEST(InUse, LastsAsLongAsTheDescriptor) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "program";
  ASSERT_TRUE(replace_file(path, "x", 0700));
  EXPECT_FALSE(is_in_use(path));
  Result<Fd> fd = open_path(path, O_RDONLY);
  ASSERT_TRUE(fd);
  mark_in_use(fd->get());
  EXPECT_TRUE(is_in_use(path));
  fd->reset();
  EXPECT_FALSE(is_in_use(path));
}

TEST(InUse, WhatCannotBeLookedAtIsInUse) {
  const test::TemporaryDirectory directory;
  EXPECT_TRUE(is_in_use(directory / "missing"));
}

}  // namespace
}  // namespace zc::os
