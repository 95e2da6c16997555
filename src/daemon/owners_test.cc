#include "daemon/owners.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include <gtest/gtest.h>

#include "os/wait.h"
#include "support/patience.h"

namespace zc::daemon {
namespace {

// A process that does nothing until it is ended.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0) {
      while (true) {
        ::pause();
      }
    }
  }
  ~Sleeper() { end(); }
  Sleeper(const Sleeper&) = delete;

  std::uint64_t pid() const { return static_cast<std::uint64_t>(pid_); }
  void end() {
    if (const pid_t pid = std::exchange(pid_, 0); pid != 0) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }

 private:
  pid_t pid_;
};

std::vector<std::uint64_t> pids(const Sleeper& sleeper) {
  return {sleeper.pid()};
}

TEST(Owners, WithoutAnyTheDaemonStays) {
  Owners owners;
  EXPECT_FALSE(owners.are_gone());
}

TEST(Owners, TheLastOneThatEndsEndsTheDaemon) {
  Sleeper one;
  Sleeper other;
  Owners owners;
  ASSERT_TRUE(owners.add("s", pids(one)));
  ASSERT_TRUE(owners.add("t", pids(other)));
  EXPECT_EQ(owners.fds().size(), 2U);
  const auto pid = static_cast<std::int64_t>(one.pid());
  one.end();
  EXPECT_FALSE(owners.are_gone());
  EXPECT_EQ(owners.ended(), (std::vector<std::int64_t>{pid}));
  other.end();
  EXPECT_TRUE(owners.are_gone());
}

TEST(Owners, AnOwnerStaysAsLongAsASessionNamesIt) {
  const Sleeper sleeper;
  Owners owners;
  ASSERT_TRUE(owners.add("s", pids(sleeper)));
  ASSERT_TRUE(owners.add("t", pids(sleeper)));
  EXPECT_EQ(owners.describe().elements().front().at("sessions").as_u64(), 2U);
  owners.release("s");
  EXPECT_FALSE(owners.are_gone());
  owners.release("s");
  EXPECT_FALSE(owners.are_gone());
  owners.release("t");
  EXPECT_TRUE(owners.are_gone());
}

TEST(Owners, AProcessThatIsNotThereOwnsNothing) {
  Sleeper sleeper;
  const std::vector<std::uint64_t> gone = pids(sleeper);
  sleeper.end();
  Owners owners;
  EXPECT_EQ(owners.add("s", gone).error().code, Code::kNotFound);
  EXPECT_EQ(owners.add("s", std::vector<std::uint64_t>{0}).error().code, Code::kNotFound);
  EXPECT_EQ(owners.add("s", std::vector<std::uint64_t>{UINT64_MAX}).error().code, Code::kNotFound);
  EXPECT_FALSE(owners.are_gone());
}

TEST(Owners, TheirEndWakesWhoeverWaits) {
  Sleeper sleeper;
  Owners owners;
  ASSERT_TRUE(owners.add("s", pids(sleeper)));
  os::WaitSource source = {.fd = owners.fds().front()};
  sleeper.end();
  if (source.fd >= 0) {
    EXPECT_TRUE(os::wait_for_any({&source, 1}, test::kWaitMs));
  }
}

}  // namespace
}  // namespace zc::daemon
