#include "os/directory.h"

#include <fcntl.h>

#include "os/fd.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

using ::testing::UnorderedElementsAre;

TEST(ListDirectory, NamesWhatIsThere) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(replace_file(directory / "a", "", 0600));
  ASSERT_TRUE(make_directories(directory / "b/c"));
  const auto names = list_directory(directory.path());
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, UnorderedElementsAre("a", "b"));
  EXPECT_EQ(list_directory(directory / "missing").error().code, Code::kNotFound);
  const Fd opened(::open(directory.path().c_str(), O_PATH | O_CLOEXEC));
  const auto below = list_directory(opened.get(), "b");
  ASSERT_TRUE(below);
  EXPECT_THAT(*below, UnorderedElementsAre("c"));
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
