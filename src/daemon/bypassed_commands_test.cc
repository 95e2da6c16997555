#include "daemon/bypassed_commands.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "base/str.h"
#include "os/clock.h"
#include "os/process.h"
#include "support/patience.h"

namespace zc::daemon {
namespace {

using history::CommandRecord;
using test::kWaitMs;

// A process that ends when the test lets it.
class HeldProcess {
 public:
  HeldProcess() : pid_(::fork()) {
    while (pid_ == 0) {
      ::pause();
    }
  }
  ~HeldProcess() {
    if (pid_ > 0) {
      end();
    }
  }
  HeldProcess(const HeldProcess&) = delete;

  // As a shell sees it: the wait for the process has returned.
  void end() {
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, 0), nullptr, 0);
  }
  os::Fd handle() const { return os::open_process_end(pid_).value_or(os::Fd()); }

 private:
  pid_t pid_;
};

class Recorded final : public history::CommandLog {
 public:
  void add(std::string, CommandRecord record) override {
    const MutexLock lock(mutex_);
    records_.push_back(std::move(record));
    added_.notify_all();
  }
  void flush() override {}
  std::vector<CommandRecord> all() {
    const MutexLock lock(mutex_);
    return records_;
  }
  bool wait_for(std::size_t count) {
    const os::Deadline deadline(kWaitMs);
    const MutexLock lock(mutex_);
    while (records_.size() < count && !deadline.passed()) {
      added_.wait_for_ms(mutex_, deadline.left_ms());
    }
    return records_.size() >= count;
  }

 private:
  Mutex mutex_;
  CondVar added_;
  std::vector<CommandRecord> records_ ZC_GUARDED_BY(mutex_);
};

class BypassedCommandsTest : public ::testing::Test {
 protected:
  void add(os::Fd process, const std::string& session = {}) {
    commands_->add({},
                   {.compiler = "/usr/bin/gcc",
                    .source = "a.c",
                    .session_id = session,
                    .client_pid = 7,
                    .reason = "called_for_link"},
                   std::move(process));
  }
  std::size_t running() { return running_.to_json(os::wall_ns()).elements().size(); }

  Recorded history_;
  std::int64_t now_ms_ = 1'000;
  history::Sessions sessions_{[this] { return now_ms_; }};
  RunningCommands running_;
  std::optional<BypassedCommands> commands_{
      std::in_place, BypassedCommands::Borrowed{history_, sessions_, running_}, std::size_t{3}};
};

TEST_F(BypassedCommandsTest, ACommandRunsUntilItsProcessHasEnded) {
  HeldProcess process;
  const std::int64_t begin_ns = os::monotonic_ns();
  add(process.handle());
  commands_->flush();
  EXPECT_TRUE(history_.all().empty());
  const codec::Json running = running_.to_json(os::wall_ns());
  ASSERT_EQ(running.elements().size(), 1U);
  EXPECT_EQ(running.elements()[0].at("reason").as_text(), "called_for_link");
  EXPECT_EQ(running.elements()[0].at("client_pid").as_u64(), 7U);
  EXPECT_TRUE(running.elements()[0].at("subject").as_text().ends_with("a.c"));

  process.end();
  commands_->flush();
  ASSERT_EQ(history_.all().size(), 1U);
  EXPECT_GT(history_.all()[0].compiler_ns, 0U);
  EXPECT_LE(history_.all()[0].compiler_ns,
            static_cast<std::uint64_t>(os::monotonic_ns() - begin_ns));
  EXPECT_EQ(running_.to_json(0).elements().size(), 0U);
}

TEST_F(BypassedCommandsTest, TheEndIsSeenWithoutAFlush) {
  HeldProcess one;
  HeldProcess other;
  add(one.handle());
  add(other.handle());
  other.end();
  ASSERT_TRUE(history_.wait_for(1));
  one.end();
  ASSERT_TRUE(history_.wait_for(2));
  EXPECT_GT(history_.all()[1].compiler_ns, 0U);
}

// Whether our thread or the flush sees the end first.
TEST_F(BypassedCommandsTest, AFlushMissesNoneThatHasEnded) {
  for (std::size_t i = 1; i <= 200; ++i) {
    HeldProcess process;
    add(process.handle());
    process.end();
    commands_->flush();
    ASSERT_EQ(history_.all().size(), i);
  }
  for (const CommandRecord& record : history_.all()) {
    EXPECT_GT(record.compiler_ns, 0U);
  }
}

TEST_F(BypassedCommandsTest, EachIsCountedOnceWhateverComesAtOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        HeldProcess process;
        add(process.handle());
        process.end();
        commands_->flush();
      }
    });
  }
  threads.clear();
  EXPECT_EQ(history_.all().size(), 100U);
  EXPECT_EQ(running(), 0U);
}

TEST_F(BypassedCommandsTest, WithoutAHandleItCountsAtOnce) {
  add(os::Fd());
  ASSERT_EQ(history_.all().size(), 1U);
  EXPECT_EQ(history_.all()[0].compiler_ns, 0U);
  EXPECT_EQ(running(), 0U);
}

TEST_F(BypassedCommandsTest, OneTooManyCountsAtOnce) {
  HeldProcess processes[4];
  for (const HeldProcess& process : processes) {
    add(process.handle());
  }
  EXPECT_EQ(history_.all().size(), 1U);
  EXPECT_EQ(running(), 3U);
  processes[0].end();
  commands_->flush();
  add(processes[3].handle());
  EXPECT_EQ(history_.all().size(), 2U);
  EXPECT_EQ(running(), 3U);
}

TEST_F(BypassedCommandsTest, ThoseOfASessionAreGivenUp) {
  HeldProcess of_it;
  HeldProcess ended;
  HeldProcess of_another;
  add(of_it.handle(), "it");
  add(ended.handle(), "it");
  add(of_another.handle(), "another");
  ended.end();
  commands_->give_up([](const std::string& session) { return session == "it"; });
  const std::vector<CommandRecord> records = history_.all();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_GT(records[0].compiler_ns, 0U) << "it had ended";
  EXPECT_EQ(records[1].compiler_ns, 0U);
  EXPECT_EQ(running(), 1U);
}

TEST_F(BypassedCommandsTest, TheEndOfTheDaemonLosesNone) {
  HeldProcess one;
  HeldProcess other;
  add(one.handle());
  commands_->close();
  EXPECT_EQ(history_.all().size(), 1U);
  add(other.handle());
  EXPECT_EQ(history_.all().size(), 2U);
  EXPECT_EQ(running(), 0U);
}

TEST_F(BypassedCommandsTest, NorDoesADestructor) {
  HeldProcess process;
  add(process.handle());
  commands_.reset();
  ASSERT_EQ(history_.all().size(), 1U);
  EXPECT_EQ(history_.all()[0].compiler_ns, 0U);
}

TEST_F(BypassedCommandsTest, ItsSessionIsNotIdleAndDoesNotAwaitIt) {
  const std::string id = sessions_.start({.cwd = "/w", .has_stats = true});
  HeldProcess process;
  add(process.handle(), id);
  now_ms_ += 1'000'000;
  sessions_.expire();
  EXPECT_EQ(sessions_.counts().active, 1U);
  const os::Deadline deadline(kWaitMs);
  sessions_.await_commands(id, kWaitMs);
  EXPECT_FALSE(deadline.passed());
  process.end();
  commands_->flush();
  now_ms_ += 1'000'000;
  sessions_.expire();
  EXPECT_EQ(sessions_.counts().active, 0U);
}

}  // namespace
}  // namespace zc::daemon
