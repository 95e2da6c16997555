#include <atomic>
#include <thread>

#include "engine/toolchain.h"
#include "os/clock.h"
#include "support/mem_file_system.h"
#include "support/patience.h"

namespace zc::engine {
namespace {

using test::kWaitMs;

// A door that probes, and looks at files, stand before.
class Door {
 public:
  void pass() {
    const MutexLock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    while (!open_) {
      changed_.wait(mutex_);
    }
  }
  void open() {
    const MutexLock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_for(int count) {
    const MutexLock lock(mutex_);
    while (waiting_ < count) {
      changed_.wait(mutex_);
    }
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int waiting_ ZC_GUARDED_BY(mutex_) = 0;
  bool open_ ZC_GUARDED_BY(mutex_) = false;
};

class ToolchainCacheTest : public ::testing::Test {
 protected:
  static ToolchainCache::Probe finds(std::string version) {
    return [version]() -> Result<std::shared_ptr<const Toolchain>> {
      auto out = std::make_shared<Toolchain>();
      out->version = version;
      return out;
    };
  }
  ToolchainCache::Probe behind(Door& door, std::string version) {
    return [this, &door, version] {
      ++probes_;
      door.pass();
      return finds(version)();
    };
  }
  static std::string text_of(const Result<std::shared_ptr<const Toolchain>>& found) {
    return found ? (*found)->version : found.error().message;
  }

  test::MemFileSystem fs_;
  std::atomic<int> probes_ = 0;
};

TEST_F(ToolchainCacheTest, OneThatHangsHoldsUpNoOther) {
  ToolchainCache cache(fs_, kWaitMs);
  Door door;
  std::thread hangs([&] { (void)cache.find("/dead/gcc", behind(door, "dead")); });
  door.wait_for(1);
  EXPECT_EQ(text_of(cache.find("/usr/bin/gcc", finds("gcc"))), "gcc");
  EXPECT_EQ(text_of(cache.find("/usr/bin/clang", finds("clang"))), "clang");
  EXPECT_EQ(text_of(cache.find("/usr/bin/gcc", finds("never asked"))), "gcc");
  door.open();
  hangs.join();
}

TEST_F(ToolchainCacheTest, WhoUsesOneThatHangsIsSoonLetGo) {
  ToolchainCache cache(fs_, 30);
  Door door;
  std::thread hangs([&] { (void)cache.find("/dead/gcc", behind(door, "dead")); });
  door.wait_for(1);
  for (int i = 0; i < 5; ++i) {
    const auto found = cache.find("/dead/gcc", finds("never asked"));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Code::kTimeout);
  }
  door.open();
  hangs.join();
  EXPECT_EQ(text_of(cache.find("/dead/gcc", finds("never asked"))), "dead");
}

TEST_F(ToolchainCacheTest, ManyThatComeAtOnceProbeOnce) {
  ToolchainCache cache(fs_, kWaitMs);
  Door door;
  std::vector<std::thread> threads;
  std::atomic<int> found = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back(
        [&] { found += text_of(cache.find("gcc", behind(door, "gcc"))) == "gcc"; });
  }
  door.wait_for(1);
  door.open();
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(found, 8);
  EXPECT_EQ(probes_, 1);
}

TEST_F(ToolchainCacheTest, AfterAProbeThatFailedTheNextOneTries) {
  ToolchainCache cache(fs_, kWaitMs);
  const auto fails = []() -> Result<std::shared_ptr<const Toolchain>> {
    return fail(Code::kInvalid, "a script");
  };
  EXPECT_EQ(text_of(cache.find("gcc", fails)), "a script");
  EXPECT_EQ(text_of(cache.find("gcc", finds("gcc"))), "gcc");
}

TEST_F(ToolchainCacheTest, ManyAreRememberedButNotAll) {
  ToolchainCache cache(fs_, kWaitMs);
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(text_of(cache.find(std::to_string(i), finds(std::to_string(i)))), std::to_string(i));
  }
}

}  // namespace
}  // namespace zc::engine
