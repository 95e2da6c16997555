#include "cli/version_roots.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::cli {
namespace {

using testing::ElementsAre;
using testing::Field;

TEST(VersionRoots, AreTheDirectoriesNamedSo) {
  const test::TemporaryDirectory top;
  for (const char* name : {"v0.2.0", "v0.10.0-rc.1", "v", "vim", "0.3.0", "logs"}) {
    std::filesystem::create_directory(top / name);
  }
  ASSERT_TRUE(os::replace_file(top / "v0.4.0", "a file", 0600));
  std::filesystem::create_directory_symlink(top / "v0.2.0", top / "v0.5.0");
  EXPECT_THAT(version_roots(std::string(top.path())),
              ElementsAre(Field(&VersionRoot::version, "0.10.0-rc.1"),
                          Field(&VersionRoot::version, "0.2.0")));
  EXPECT_TRUE(version_roots(top / "missing").empty());
}

TEST(VersionRoots, TakeWhatTheirFilesTake) {
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
