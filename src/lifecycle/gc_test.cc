#include "lifecycle/gc.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/file.h"
#include "os/lock.h"
#include "support/temporary_directory.h"

namespace zc::lifecycle {
namespace {

class Gc : public ::testing::Test {
 protected:
  std::string file(const std::string& name, std::int64_t age_secs) {
    std::string path = directory_ / name;
    EXPECT_TRUE(os::replace_file(path, "x", 0600));
    const auto time = static_cast<time_t>(os::wall_ns() / 1'000'000'000 - age_secs);
    const timespec times[] = {{.tv_sec = time, .tv_nsec = 0}, {.tv_sec = time, .tv_nsec = 0}};
    EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    return path;
  }
  static bool exists(const std::string& path) {
    struct stat st = {};
    return ::lstat(path.c_str(), &st) == 0;
  }

  test::TemporaryDirectory directory_;
};

constexpr std::int64_t kDay = 24 * 3600;

TEST_F(Gc, BinariesGoUnlessYoungOrInUse) {
  const std::string old = file("zccache-daemon.1", 61);
  const std::string young = file("zccache-daemon.2", 55);
  const std::string live = file("zccache-daemon.3", 10 * kDay);
  const std::string future = file("zccache-daemon.4", -kDay);
  const Result<os::Fd> held = os::open_path(live, O_RDONLY);
  ASSERT_TRUE(held);
  os::mark_in_use(held->get());
  gc_runtime_binaries(directory_.path());
  EXPECT_FALSE(exists(old));
  EXPECT_TRUE(exists(young));
  EXPECT_TRUE(exists(live));
  EXPECT_TRUE(exists(future));
}

TEST_F(Gc, DirectoriesAndMissingOnesAreNoProblem) {
  ASSERT_TRUE(os::make_directories(directory_ / "sub"));
  gc_runtime_binaries(directory_.path());
  gc_runtime_binaries(directory_ / "missing");
  gc_logs(directory_ / "missing");
  EXPECT_TRUE(exists(directory_ / "sub"));
}

TEST_F(Gc, OldLogsGo) {
  const std::string stranger = file("daemon.log.2024-01-01", kDay + 60);
  const std::string journal = file("compile_journal.jsonl", kDay + 60);
  const std::string old = file("daemon-spawn-1-2.log", kDay + 60);
  const std::string old_of_namespace = file("daemon-spawn-ci-1-2.log", kDay + 60);
  const std::string archive = file("daemon-lifecycle.log.1", kDay + 60);
  const std::string archive_of_namespace = file("daemon-lifecycle-ci.log.1", kDay + 60);
  gc_logs(directory_.path());
  EXPECT_FALSE(exists(old));
  EXPECT_FALSE(exists(old_of_namespace));
  EXPECT_FALSE(exists(stranger));
  EXPECT_FALSE(exists(journal));
  EXPECT_FALSE(exists(archive));
  EXPECT_FALSE(exists(archive_of_namespace));
}

TEST_F(Gc, OtherLogsStay) {
  const std::string young = file("daemon-spawn-1-3.log", kDay - 60);
  const std::string lifecycle = file("daemon-lifecycle.log", 30 * kDay);
  const std::string lifecycle_of_namespace = file("daemon-lifecycle-ci.log", 30 * kDay);
  const std::string odd = file("\xff.log", 30 * kDay);
  const std::string live = file("daemon-spawn-1-4.log", 30 * kDay);
  const Result<os::Fd> held = os::open_path(live, O_RDONLY);
  ASSERT_TRUE(held);
  os::mark_in_use(held->get());
  gc_logs(directory_.path());
  EXPECT_TRUE(exists(young));
  EXPECT_TRUE(exists(lifecycle));
  EXPECT_TRUE(exists(lifecycle_of_namespace));
  EXPECT_TRUE(exists(odd));
  EXPECT_TRUE(exists(live));
}

TEST_F(Gc, ASymlinkWithOurNameIsNotFollowed) {
  ASSERT_EQ(::mkdir((directory_ / "elsewhere").c_str(), 0700), 0);
  const std::string target = file("elsewhere/precious", 30 * kDay);
  ASSERT_EQ(::symlink("elsewhere/precious", (directory_ / "daemon-spawn-9.log").c_str()), 0);
  gc_logs(directory_.path());
  EXPECT_TRUE(exists(target));
}

}  // namespace
}  // namespace zc::lifecycle
