#include "os/safe_directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr uid_t kUs = 12'345;
constexpr uid_t kThem = 12'346;

std::string error_of(const std::string& path, uid_t uid = ::geteuid()) {
  const Result<Fd> opened = open_safe_directory(path, uid, Missing::kFail);
  return opened ? "safe" : opened.error().message;
}

mode_t mode_of(const std::string& path) {
  return stat_path(path)->mode & 07777;
}

TEST(SafeDirectory, IsMadeWithItsParentsWhateverTheUmask) {
  const test::TemporaryDirectory directory;
  const mode_t before = ::umask(0777);
  const Result<Fd> made = open_safe_directory(directory / "a/b//./c", ::geteuid(), Missing::kMake);
  ::umask(before);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(stat_fd(made->get())->same_file_as(*stat_path(directory / "a/b/c")));
  EXPECT_EQ(mode_of(directory / "a"), 0700U);
  EXPECT_EQ(mode_of(directory / "a/b/c"), 0700U);
}

TEST(SafeDirectory, NothingIsMadeUnlessWanted) {
  const test::TemporaryDirectory directory;
  const Result<Fd> missing = open_safe_directory(directory / "a/b", ::geteuid(), Missing::kFail);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_FALSE(stat_path(directory / "a"));
}

TEST(SafeDirectory, OnlyAPrivateOneIsClosedToReaders) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "a";
  ASSERT_TRUE(make_directories(path));
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  ASSERT_TRUE(open_safe_directory(path, ::geteuid(), Missing::kMake));
  EXPECT_EQ(mode_of(path), 0755U);
  ASSERT_TRUE(make_private_directory(path, ::geteuid()));
  EXPECT_EQ(mode_of(path), 0700U);
}

// Wherever it is on the path; the private group of a user is a group, too.
TEST(SafeDirectory, NobodyElseMayWrite) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory / "a/b/c"));
  for (const char* name : {"a", "a/b", "a/b/c"}) {
    for (const mode_t mode : {0770U, 0720U, 0702U, 0777U}) {
      ASSERT_EQ(::chmod((directory / name).c_str(), mode), 0);
      EXPECT_THAT(
          error_of(directory / "a/b/c"),
          AllOf(HasSubstr("others may write to " + directory / name + ";"),
                HasSubstr("chmod go-w " + directory / name), HasSubstr("ZCCACHE_CACHE_DIR")));
      EXPECT_EQ(mode_of(directory / name), mode);
    }
    ASSERT_EQ(::chmod((directory / name).c_str(), 0700), 0);
  }
  EXPECT_EQ(error_of(directory / "a/b/c"), "safe");
}

TEST(SafeDirectory, AStickyOneIsSafeOnlyOnTheWay) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory / "shared/ours"));
  ASSERT_EQ(::chmod((directory / "shared").c_str(), 01777), 0);
  EXPECT_EQ(error_of(directory / "shared/ours"), "safe");
  EXPECT_TRUE(open_safe_directory(directory / "shared/new", ::geteuid(), Missing::kMake));
  EXPECT_THAT(error_of(directory / "shared"), HasSubstr("others may write"));
}

TEST(SafeDirectory, ADirectoryOfAnotherUserIsNotSafeAnywhere) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root may give a directory away";
  }
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory / "a/b/c"));
  ASSERT_EQ(::chmod((directory / "a").c_str(), 01777), 0);
  for (const char* name : {"a", "a/b", "a/b/c"}) {
    ASSERT_EQ(::chown((directory / name).c_str(), kThem, kThem), 0);
    EXPECT_THAT(error_of(directory / "a/b/c", kUs),
                HasSubstr(directory / name + " belongs to user 12346, not to user 12345"));
    ASSERT_EQ(::chown((directory / name).c_str(), kUs, kUs), 0);
  }
  EXPECT_EQ(error_of(directory / "a/b/c", kUs), "safe");
}

TEST(SafeDirectory, LinksThatWeOrRootMadeAreFollowed) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory / "disk/home/us"));
  ASSERT_TRUE(make_directories(directory / "other"));
  ASSERT_EQ(::symlink((directory / "disk/home").c_str(), (directory / "home").c_str()), 0);
  ASSERT_EQ(::symlink("../../../other", (directory / "disk/home/us/up").c_str()), 0);
  const Result<Fd> made =
      open_safe_directory(directory / "home/us/up/cache", ::geteuid(), Missing::kMake);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(stat_path(directory / "other/cache"));
  // The way through the link is examined as well.
  ASSERT_EQ(::chmod((directory / "disk").c_str(), 0777), 0);
  EXPECT_THAT(error_of(directory / "home/us"), HasSubstr("others may write to"));
}

TEST(SafeDirectory, LinksOfAnotherUserAreNot) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root may give a link away";
  }
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory / "shared"));
  ASSERT_EQ(::chmod((directory / "shared").c_str(), 01777), 0);
  ASSERT_TRUE(make_directories(directory / "ours"));
  ASSERT_EQ(::symlink((directory / "ours").c_str(), (directory / "shared/link").c_str()), 0);
  ASSERT_EQ(::lchown((directory / "shared/link").c_str(), kThem, kThem), 0);
  EXPECT_THAT(error_of(directory / "shared/link", kUs), HasSubstr("belongs to user 12346"));
}

TEST(SafeDirectory, EndlessLinksEnd) {
  const test::TemporaryDirectory directory;
  ASSERT_EQ(::symlink("b", (directory / "a").c_str()), 0);
  ASSERT_EQ(::symlink("a", (directory / "b").c_str()), 0);
  EXPECT_THAT(error_of(directory / "a"), HasSubstr("cannot be followed"));
}

TEST(SafeDirectory, AFileIsNone) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(replace_file(directory / "file", "", 0600));
  EXPECT_THAT(error_of(directory / "file"), HasSubstr("not a directory"));
  EXPECT_THAT(error_of(directory / "file/cache"), HasSubstr("not a directory"));
}

// Whatever is exchanged during the walk, what it returns is ours.
TEST(SafeDirectory, AnExchangeDuringTheWalkIsNoWayIn) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root may give a directory away";
  }
  const test::TemporaryDirectory directory;
  const std::string ours = directory / "ours";
  const std::string theirs = directory / "theirs";
  ASSERT_TRUE(make_directories(ours + "/cache"));
  ASSERT_TRUE(make_directories(theirs + "/cache"));
  for (const std::string& path : {theirs, theirs + "/cache"}) {
    ASSERT_EQ(::chown(path.c_str(), kThem, kThem), 0);
  }
  std::atomic<bool> done = false;
  std::thread other([&] {
    while (!done) {
      constexpr unsigned kExchange = 2;
      ::syscall(SYS_renameat2, AT_FDCWD, ours.c_str(), AT_FDCWD, theirs.c_str(), kExchange);
    }
  });
  int safe = 0;
  for (int i = 0; i < 5'000; ++i) {
    if (const Result<Fd> opened = open_safe_directory(ours + "/cache", kUs, Missing::kMake)) {
      struct stat st = {};
      ASSERT_EQ(::fstat(opened->get(), &st), 0);
      EXPECT_EQ(st.st_uid, 0U);
      ++safe;
    }
  }
  done = true;
  other.join();
  EXPECT_GT(safe, 0);
}

}  // namespace
}  // namespace zc::os
