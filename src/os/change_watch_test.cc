#include "os/change_watch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "os/clock.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class ChangeWatchTest : public ::testing::Test {
 protected:
  ChangeWatchTest() : path_(scratch_ / "file") { std::ofstream(path_) << "text"; }

  Fd open(int flags) const { return Fd(::open(path_.c_str(), flags | O_CLOEXEC)); }
  void change_times() const { ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0); }

  // Whether the file counts as unchanged after `act`; nothing where it cannot be watched.
  std::optional<bool> unchanged_after(const std::function<void()>& act) {
    const Fd file = open(O_RDONLY);
    const auto watch = watcher_.watch(file.get());
    if (!watch) {
      return std::nullopt;
    }
    act();
    return watch->is_unchanged();
  }

  test::TemporaryDirectory scratch_;
  std::string path_;
  ChangeWatcher watcher_;
};

TEST_F(ChangeWatchTest, SeesEveryWayOfChanging) {
  struct Way {
    const char* name;
    std::function<void()> act;
  };
  std::vector<Fd> kept;
  const std::vector<Way> ways = {
      {"write",
       [&] {
         const Fd to = open(O_WRONLY);
         (void)!::write(to.get(), "x", 1);
       }},
      {"a writer that is still there", [&] { kept.push_back(open(O_RDWR)); }},
      {"append", [&] { std::ofstream(path_, std::ios::app) << "x"; }},
      {"open with O_TRUNC", [&] { (void)open(O_RDWR | O_TRUNC); }},
      {"truncate", [&] { (void)!::truncate(path_.c_str(), 1); }},
      {"touch(1), which opens for writing", [&] { (void)open(O_WRONLY | O_NONBLOCK); }},
      {"a mapping",
       [&] {
         const Fd to = open(O_RDWR);
         void* at = ::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, to.get(), 0);
         ASSERT_NE(at, MAP_FAILED);
         static_cast<char*>(at)[0] = 'x';
         ::munmap(at, 4);
       }},
      {"another name",
       [&] {
         const std::string second = scratch_ / "second";
         ::link(path_.c_str(), second.c_str());
         std::ofstream(second) << "x";
       }},
      {"writers between readers",
       [&] {
         const Fd one = open(O_RDONLY);
         (void)open(O_WRONLY);
         const Fd two = open(O_RDONLY);
       }},
  };
  for (const Way& way : ways) {
    kept.clear();
    std::ofstream(path_) << "text";
    const auto unchanged = unchanged_after(way.act);
    if (!unchanged) {
      GTEST_SKIP() << "this file system cannot be watched";
    }
    EXPECT_FALSE(*unchanged) << way.name;
  }
}

// What build tools do with a finished output: they read it, move its times, give it further names.
TEST_F(ChangeWatchTest, WhatLeavesTheContentAloneIsNoChange) {
  std::vector<Fd> kept;
  const auto unchanged = unchanged_after([&] {
    (void)open(O_RDONLY);
    kept.push_back(open(O_RDONLY));
    change_times();
    ::chmod(path_.c_str(), 0600);
    ::link(path_.c_str(), (scratch_ / "second").c_str());
    ::rename(path_.c_str(), (scratch_ / "third").c_str());
    ::unlink((scratch_ / "second").c_str());
    std::ofstream(path_) << "another file of that name";
  });
  EXPECT_TRUE(unchanged.value_or(true));
}

TEST_F(ChangeWatchTest, IsNotToBeHadWhileSomebodyWrites) {
  const Fd file = open(O_RDONLY);
  {
    const Fd writer = open(O_WRONLY);
    EXPECT_FALSE(watcher_.watch(file.get()));
  }
  const Fd writer = open(O_RDWR);
  void* at = ::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, writer.get(), 0);
  ASSERT_NE(at, MAP_FAILED);
  EXPECT_FALSE(watcher_.watch(file.get()));
  ::munmap(at, 4);
}

TEST_F(ChangeWatchTest, NobodyWaits) {
  const Fd file = open(O_RDONLY);
  const auto watch = watcher_.watch(file.get());
  const Deadline soon(1'000);
  EXPECT_TRUE(open(O_WRONLY | O_NONBLOCK)) << errno;
  EXPECT_TRUE(open(O_RDWR | O_TRUNC | O_NONBLOCK)) << errno;
  EXPECT_FALSE(soon.passed());
}

TEST_F(ChangeWatchTest, TwoWatchesOfOneFileAreIndependent) {
  const Fd file = open(O_RDONLY);
  auto first = watcher_.watch(file.get());
  const auto second = watcher_.watch(file.get());
  if (!first || !second) {
    GTEST_SKIP() << "this file system cannot be watched";
  }
  first.reset();
  EXPECT_TRUE(second->is_unchanged());
  std::ofstream(path_) << "changed";
  EXPECT_FALSE(second->is_unchanged());
}

TEST_F(ChangeWatchTest, WhatWasBeforeDoesNotCount) {
  (void)unchanged_after([&] { std::ofstream(path_) << "changed"; });
  EXPECT_TRUE(unchanged_after([] {}).value_or(true));
}

// An event for which the kernel had no room may have been a change.
TEST_F(ChangeWatchTest, AnOverflowIsAChange) {
  const std::string other = scratch_ / "other";
  std::ofstream(other) << "text";
  const Fd file = open(O_RDONLY);
  const Fd noisy(::open(other.c_str(), O_RDONLY | O_CLOEXEC));
  const auto watch = watcher_.watch(file.get());
  const auto noisy_watch = watcher_.watch(noisy.get());
  if (!watch || !noisy_watch) {
    GTEST_SKIP() << "this file system cannot be watched";
  }
  int events_max = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> events_max;
  if (events_max <= 0 || events_max > 200'000) {
    GTEST_SKIP() << "the queue is too long to be filled";
  }
  // Events that follow an equal one are merged, so two files take turns.
  for (int i = 0; i <= events_max / 2; ++i) {
    (void)open(O_RDONLY);
    (void)Fd(::open(other.c_str(), O_RDONLY | O_CLOEXEC));
  }
  EXPECT_FALSE(watch->is_unchanged());
}

TEST_F(ChangeWatchTest, NotOnKernelFilesOrPipes) {
  const Fd kernel(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(watcher_.watch(kernel.get()));
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd reader(ends[0]);
  const Fd writer(ends[1]);
  EXPECT_FALSE(watcher_.watch(reader.get()));
}

TEST_F(ChangeWatchTest, OneChangeOfANameIsToldFromNoneAndFromTwo) {
  const auto write = [&] { std::ofstream(path_, std::ios::app) << "more"; };
  const auto replace = [&] {
    std::ofstream(path_ + ".new") << "other";
    ::rename((path_ + ".new").c_str(), path_.c_str());
  };
  const auto sees_one = [&](const std::function<void()>& act) {
    const NameWatch watch(path_);
    act();
    return watch.saw_one(NameWatch::Change::kAny);
  };
  const bool can_be_seen = sees_one(write);
  if (!can_be_seen) {
    GTEST_SKIP() << "not on this file system";
  }
  EXPECT_TRUE(sees_one(replace));
  EXPECT_FALSE(sees_one([] {}));
  EXPECT_FALSE(sees_one([&] { write(), write(); }));
  EXPECT_FALSE(sees_one([&] { replace(), write(); }));
  EXPECT_FALSE(sees_one([&] { ::unlink(path_.c_str()), write(); }));
  const Fd writer = open(O_WRONLY);
  EXPECT_FALSE(sees_one(write));
}

// As llvm-strip does: to give the new file the rights of the old one, it opens it for writing.
TEST_F(ChangeWatchTest, AReplacedFileMayBeOpenedButNotWritten) {
  const auto write = [&] { std::ofstream(path_, std::ios::app) << "more"; };
  const auto open_only = [&] { (void)open(O_WRONLY); };
  const auto replace = [&] {
    std::ofstream(path_ + ".new") << "other";
    ::rename((path_ + ".new").c_str(), path_.c_str());
  };
  const auto sees_replaced = [&](const std::function<void()>& act) {
    const NameWatch watch(path_);
    act();
    return watch.saw_one(NameWatch::Change::kReplaced);
  };
  if (!sees_replaced(replace)) {
    GTEST_SKIP() << "not on this file system";
  }
  EXPECT_TRUE(sees_replaced([&] { replace(), open_only(); }));
  EXPECT_FALSE(sees_replaced([&] { open_only(), replace(); }));
  EXPECT_FALSE(sees_replaced([&] { write(), replace(); }));
  EXPECT_FALSE(sees_replaced([&] { replace(), write(); }));
  EXPECT_FALSE(sees_replaced([&] { replace(), replace(), open_only(); }));
  EXPECT_FALSE(sees_replaced(write));
  EXPECT_FALSE(sees_replaced(open_only));
}

}  // namespace
}  // namespace zc::os
