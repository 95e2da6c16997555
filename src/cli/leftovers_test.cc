#include "cli/leftovers.h"

#include <fcntl.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/str.h"
#include "os/file.h"
#include "os/lock.h"
#include "support/temporary_directory.h"

namespace zc::cli {
namespace {

class LeftoversTest : public ::testing::Test {
 protected:
  // A cache as a version of that name leaves it: 1000 bytes, and the locks.
  void given_version(const std::string& version) const {
    const std::string root = root_of(version);
    for (const char* directory :
         {"/store/blobs/ab", "/runtime-binaries", "/daemon-state/ci/store"}) {
      ASSERT_TRUE(os::make_directories(root + directory));
    }
    ASSERT_TRUE(os::replace_file(root + "/store/blobs/ab/c", std::string(600, 'x'), 0600));
    ASSERT_TRUE(os::replace_file(program_of(version), std::string(400, 'x'), 0700));
  }
  std::string root_of(const std::string& version) const { return directory_ / ("v" + version); }
  std::string program_of(const std::string& version) const {
    return root_of(version) + "/runtime-binaries/zccache-daemon";
  }
  bool is_there(const std::string& version) const {
    return std::filesystem::exists(root_of(version));
  }

  test::TemporaryDirectory directory_;
};

TEST_F(LeftoversTest, OlderVersionsGo) {
  for (const char* version : {"0.1.0", "0.2.0-rc.1", "0.2.0", "0.10.0"}) {
    given_version(version);
  }
  EXPECT_EQ(remove_older_versions(directory_.path(), "0.2.0"), 2'000U);
  EXPECT_FALSE(is_there("0.1.0"));
  EXPECT_FALSE(is_there("0.2.0-rc.1"));
  EXPECT_TRUE(is_there("0.2.0"));
  EXPECT_TRUE(is_there("0.10.0")) << "another installation's, perhaps";
}

TEST_F(LeftoversTest, WhatIsNoVersionStays) {
  for (const char* name : {"video", "v", "v1", "backup"}) {
    ASSERT_TRUE(os::make_directories(directory_ / name));
  }
  ASSERT_TRUE(os::make_directories(directory_ / "elsewhere"));
  std::filesystem::create_directory_symlink(directory_ / "elsewhere", directory_ / "v0.0.1");
  EXPECT_EQ(remove_older_versions(directory_.path(), "9.0.0"), 0U);
  for (const char* name : {"video", "v", "v1", "backup", "elsewhere", "v0.0.1"}) {
    EXPECT_TRUE(std::filesystem::exists(directory_ / name)) << name;
  }
  EXPECT_EQ(remove_older_versions(directory_ / "missing", "9.0.0"), 0U);
}

TEST_F(LeftoversTest, WhatADaemonHoldsStays) {
  for (const char* lock : {"/store/store.lock", "/daemon-v0.1.0.sock.lock",
                           "/daemon-state/ci/store/store.lock", "/daemon-state/ci/d.sock.lock"}) {
    given_version("0.1.0");
    {
      const auto held = os::FileLock::try_take(root_of("0.1.0") + lock);
      ASSERT_TRUE(held && *held) << lock;
      EXPECT_EQ(remove_older_versions(directory_.path(), "0.2.0"), 0U) << lock;
      EXPECT_TRUE(os::stat_path(program_of("0.1.0"))) << lock;
    }
    EXPECT_GT(remove_older_versions(directory_.path(), "0.2.0"), 0U) << lock;
    EXPECT_FALSE(is_there("0.1.0")) << lock;
  }
  given_version("0.1.0");
  const auto program = os::open_path(program_of("0.1.0"), O_RDONLY);
  ASSERT_TRUE(program);
  os::mark_in_use(program->get());
  EXPECT_EQ(remove_older_versions(directory_.path(), "0.2.0"), 0U);
  EXPECT_TRUE(is_there("0.1.0"));
}

}  // namespace
}  // namespace zc::cli
