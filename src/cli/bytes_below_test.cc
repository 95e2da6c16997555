#include "cli/bytes_below.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::cli {
namespace {

TEST(BytesBelow, AreWhatFilesTake) {
  const test::TemporaryDirectory top;
  std::filesystem::create_directories(top / "a/b");
  ASSERT_TRUE(os::replace_file(top / "a/one", std::string(1000, 'x'), 0600));
  ASSERT_TRUE(os::replace_file(top / "a/b/two", std::string(10, 'x'), 0600));
  std::filesystem::create_symlink(top / "a/one", top / "a/b/link");
  EXPECT_EQ(bytes_below(top / "a"), 1010U);
  EXPECT_EQ(bytes_below(top / "missing"), 0U);
}

}  // namespace
}  // namespace zc::cli
