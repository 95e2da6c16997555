#include "os/unnamed_file.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <thread>

#include "os/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/fine_times.h"
#include "os/name.h"
#include "os/program_start.h"
#include "support/refused_calls.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class UnnamedFileTest : public ::testing::Test {
 protected:
  // Made at `path` with these bytes, and published.
  static Result<> publish(const std::string& path, std::string_view bytes,
                          std::uint32_t permissions = 0600) {
    TRY_ASSIGN(UnnamedFile file, UnnamedFile::make(path, permissions));
    TRY(write_all(file.fd().get(), bytes));
    return file.publish();
  }

  test::TemporaryDirectory directory_;
  std::string path_ = directory_ / "out.o";
};

TEST_F(UnnamedFileTest, IsNotThereBeforeItIsPublished) {
  ASSERT_TRUE(replace_file(path_, "old", 0600));
  Result<UnnamedFile> file = UnnamedFile::make(path_, 0600);
  ASSERT_TRUE(file);
  ASSERT_TRUE(write_all(file->fd().get(), "new"));
  EXPECT_EQ(*read_path(path_, 100), "old");
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(*read_path(path_, 100), "new");
  EXPECT_EQ(list_directory(directory_.path())->size(), 1U);
}

TEST_F(UnnamedFileTest, LeavesNothingWhenItIsGivenUp) {
  {
    ASSERT_TRUE(UnnamedFile::make(path_, 0600));
  }
  EXPECT_TRUE(list_directory(directory_.path())->empty());
}

TEST_F(UnnamedFileTest, HasThePermissionsItIsGiven) {
  Result<UnnamedFile> file = UnnamedFile::make(path_, 0600);
  ASSERT_TRUE(file);
  file->set_permissions(0666);
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(stat_path(path_)->permissions(), 0666U);
}

class StampedFileTest : public UnnamedFileTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(replace_file(directory_ / "probe", "probe", 0600));
    const Fd probe(::open((directory_ / "probe").c_str(), O_RDONLY | O_CLOEXEC));
    if (!shows_each_change(probe.get(), *stat_fd(probe.get()))) {
      GTEST_SKIP() << "no fine times here";
    }
  }
  // A millisecond may pass on a busy machine, and then there is no stamp: again, until there is.
  FileStamp publish_stamped() {
    for (int i = 0; i < 1000; ++i) {
      Result<UnnamedFile> file = UnnamedFile::make(path_, 0600);
      EXPECT_TRUE(file && write_all(file->fd().get(), "new"));
      const Result<std::optional<FileStamp>> stamp = file->publish_stamped();
      EXPECT_TRUE(stamp);
      if (*stamp) {
        return **stamp;
      }
    }
    ADD_FAILURE() << "no stamp is certain";
    return {};
  }
};

TEST_F(StampedFileTest, TheStampIsThatOfTheName) {
  const FileStamp stamp = publish_stamped();
  EXPECT_TRUE(stamp.same_content_as(*stat_path(path_)));
  EXPECT_EQ(*read_path(path_, 100), "new");
}

TEST_F(StampedFileTest, EachWriteAfterItShows) {
  for (int i = 0; i < 200; ++i) {
    const FileStamp stamp = publish_stamped();
    const Fd fd(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(write_all(fd.get(), "now"));
    ASSERT_FALSE(stamp.same_content_as(*stat_path(path_))) << i;
  }
}

// It waits for the name, and so often comes between the name and our look at it.
TEST_F(StampedFileTest, AWriteByAProgramThatWaitsForTheNameShows) {
  for (int i = 0; i < 300; ++i) {
    (void)remove_name(path_);
    std::jthread writer([this] {
      Fd fd;
      while (!fd) {
        fd.reset(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
      }
      EXPECT_TRUE(write_all(fd.get(), "now"));
    });
    Result<UnnamedFile> file = UnnamedFile::make(path_, 0600);
    ASSERT_TRUE(file && write_all(file->fd().get(), "new"));
    const Result<std::optional<FileStamp>> stamp = file->publish_stamped();
    writer.join();
    ASSERT_TRUE(stamp);
    ASSERT_FALSE(*stamp && (*stamp)->same_content_as(*stat_path(path_))) << i;
  }
}

TEST_F(StampedFileTest, ATemporaryNameGivesNoStamp) {
  bool is_stamped = true;
  const bool has_run = test::run_without({test::unnamed_files()}, [&] {
    Result<UnnamedFile> file = UnnamedFile::make(path_, 0600);
    const Result<std::optional<FileStamp>> stamp = file->publish_stamped();
    is_stamped = !stamp || stamp->has_value();
  });
  if (!has_run) {
    GTEST_SKIP() << "no call can be refused here";
  }
  EXPECT_FALSE(is_stamped);
}

TEST_F(UnnamedFileTest, FailsWhereThereIsNoDirectory) {
  const Result<UnnamedFile> file = UnnamedFile::make(directory_ / "none/out.o", 0600);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Code::kNotFound);
}

// A new set of rights is not that of who has opened the file, and this one is empty.
bool give_up_rights() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none = {};
  return ::syscall(SYS_capset, &header, none.data()) == 0;
}

// In a root directory without /proc, by a process that may not name files by their descriptors.
TEST_F(UnnamedFileTest, IsCopiedToANameWhereItCannotGetOne) {
  constexpr int kCannotTry = 77;
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() != 0 && ::unshare(CLONE_NEWUSER) != 0) {
      ::_exit(kCannotTry);
    }
    if (::chroot(directory_.path().c_str()) != 0 || ::chdir("/") != 0) {
      ::_exit(kCannotTry);
    }
    ::umask(0);
    Result<UnnamedFile> file = UnnamedFile::make("/out.o", 0644);
    const bool is_published = file && write_all(file->fd().get(), std::string(100'000, 'x')) &&
                              give_up_rights() && file->publish();
    ::_exit(is_published ? 0 : 1);
  }
  const ChildStatus status = wait_for_child(child);
  if (status.exit_code == kCannotTry) {
    GTEST_SKIP() << "no other root directory may be had here";
  }
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_EQ(read_path(path_, 1U << 20)->size(), 100'000U);
  EXPECT_EQ(stat_path(path_)->permissions(), 0644U);
  EXPECT_EQ(list_directory(directory_.path())->size(), 1U);
}

TEST_F(UnnamedFileTest, ATemporaryFileGoesUnlessItIsMoved) {
  {
    ASSERT_TRUE(TemporaryFile::create(directory_ / "temporary", 0600));
  }
  EXPECT_TRUE(list_directory(directory_.path())->empty());
  {
    Result<TemporaryFile> file = TemporaryFile::create(directory_ / "temporary", 0600);
    ASSERT_TRUE(file);
    EXPECT_FALSE(TemporaryFile::create(directory_ / "temporary", 0600));
    EXPECT_EQ(file->move_to(path_), 0);
    ASSERT_TRUE(replace_file(directory_ / "temporary", "of another process", 0600));
  }
  EXPECT_EQ(list_directory(directory_.path())->size(), 2U);
}

}  // namespace
}  // namespace zc::os
