#include "os/directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(ListDirectory, NamesWhatIsThere) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(replace_file(directory / "a", "", 0600));
  ASSERT_TRUE(make_directories(directory / "b/c"));
  const auto names = list_directory(directory.path());
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, UnorderedElementsAre("a", "b"));
  EXPECT_EQ(list_directory(directory / "missing").error().code, Code::kNotFound);
}

TEST(PrivateDirectory, IsMadeAndClosed) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "a/b";
  ASSERT_TRUE(ensure_private_directory(path, ::geteuid()));
  EXPECT_EQ(stat_path(path)->mode & 07777, 0700U);
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  ASSERT_TRUE(ensure_private_directory(path, ::geteuid()));
  EXPECT_EQ(stat_path(path)->mode & 07777, 0700U);
}

TEST(PrivateDirectory, OneThatOthersMayWriteIsRefused) {
  const test::TemporaryDirectory directory;
  for (const mode_t mode : {0770U, 0702U, 01777U}) {
    ASSERT_EQ(::chmod(directory.path().c_str(), mode), 0);
    const Result<> refused = ensure_private_directory(directory.path(), ::geteuid());
    ASSERT_FALSE(refused) << mode;
    EXPECT_EQ(refused.error().code, Code::kInvalid);
    EXPECT_THAT(refused.error().message, HasSubstr("chmod 700"));
    EXPECT_EQ(stat_path(directory.path())->mode & 07777, mode);
  }
}

TEST(PrivateDirectory, OneOfAnotherUserIsRefused) {
  const test::TemporaryDirectory directory;
  const Result<> refused = ensure_private_directory(directory.path(), ::geteuid() + 1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("belongs to user"));
}

TEST(PrivateDirectory, OwnSymlinksAreFine) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory / "real"));
  ASSERT_EQ(::symlink("real", (directory / "link").c_str()), 0);
  EXPECT_TRUE(ensure_private_directory(directory / "link", ::geteuid()));
}

TEST(PrivateDirectory, AFileIsNone) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(replace_file(directory / "file", "", 0600));
  EXPECT_FALSE(ensure_private_directory(directory / "file", ::geteuid()));
}

TEST(DiskSpace, IsKnown) {
  const test::TemporaryDirectory directory;
  const Result<DiskSpace> space = disk_space(directory.path());
  ASSERT_TRUE(space);
  EXPECT_GT(space->total_bytes, 0U);
  EXPECT_LE(space->free_bytes, space->total_bytes);
}

}  // namespace
}  // namespace zc::os
