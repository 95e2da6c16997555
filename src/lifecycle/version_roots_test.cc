#include "lifecycle/version_roots.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::lifecycle {
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

TEST(VersionRoots, OlderOnesAreInTheOrderOfTheirVersions) {
  const test::TemporaryDirectory top;
  for (const char* name : {"v0.2.0", "v0.10.0-rc.1", "v0.10.0", "v0.9.0", "v1.0.0"}) {
    std::filesystem::create_directory(top / name);
  }
  EXPECT_THAT(
      older_version_roots(std::string(top.path()), "0.10.0"),
      ElementsAre(Field(&VersionRoot::version, "0.10.0-rc.1"),
                  Field(&VersionRoot::version, "0.9.0"), Field(&VersionRoot::version, "0.2.0")));
}

}  // namespace
}  // namespace zc::lifecycle
