#include "os/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/str.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

using ::testing::HasSubstr;

constexpr int kWaitMs = 10'000;

// A child that waits for a signal; reaped at the end.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ == 0) {
      while (true) {
        ::pause();
      }
    }
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(ProcessIdentity, RoundTrips) {
  const Result<ProcessIdentity> self = identity_of(::getpid());
  ASSERT_TRUE(self);
  EXPECT_EQ(self->pid, ::getpid());
  EXPECT_GT(self->start_ticks, 0U);
  EXPECT_EQ(ProcessIdentity::parse(self->text()), *self);
}

TEST(ProcessIdentity, GarbageIsNobody) {
  for (const char* text : {"", "\n", "12", "12\n34\n", "12\n34\nboot", "x\n34\nboot\n",
                           "12\nx\nboot\n", "-12\n34\nboot\n", "0\n1\nb\n", "1\n1\nb\n",
                           "99999999999\n1\nb\n", "12\n34\nboot\nmore\n", " 12\n34\nboot\n"}) {
    EXPECT_EQ(ProcessIdentity::parse(text), std::nullopt) << text;
  }
  EXPECT_TRUE(ProcessIdentity::parse("12\n34\nboot\n"));
}

TEST(Process, NobodyHasThisPid) {
  const Result<ProcessIdentity> nobody = identity_of(0x7ffffffe);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Code::kNotFound);
}

TEST(Process, NamesItsProgram) {
  const Result<std::string> path = executable_of(::getpid());
  ASSERT_TRUE(path);
  EXPECT_THAT(*path, HasSubstr("os_test"));
}

TEST(ProcessHandle, RefusesAReusedPid) {
  const Child child;
  Result<ProcessIdentity> identity = identity_of(child.pid());
  ASSERT_TRUE(identity);
  EXPECT_TRUE(ProcessHandle::open(*identity));
  identity->start_ticks += 1;
  EXPECT_FALSE(ProcessHandle::open(*identity));
  identity->start_ticks -= 1;
  identity->boot_id += "x";
  EXPECT_FALSE(ProcessHandle::open(*identity));
}

TEST(ProcessHandle, KillsAndNotices) {
  const Child child;
  const Result<ProcessHandle> handle = ProcessHandle::open(*identity_of(child.pid()));
  ASSERT_TRUE(handle);
  EXPECT_FALSE(handle->wait_gone(1));
  ASSERT_TRUE(handle->signal(SIGKILL));
  EXPECT_TRUE(handle->wait_gone(kWaitMs));
}

TEST(ProcessHandle, SeesThatAProcessIsStopped) {
  const Child child;
  ::kill(child.pid(), SIGSTOP);
  ASSERT_EQ(::waitpid(child.pid(), nullptr, WUNTRACED), child.pid());
  EXPECT_EQ(process_state(child.pid()), 'T');
}

// A shell script as the detached program: says what it sees, to descriptor 3.
std::string run_detached(const std::string& script, const std::string& directory) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  const DetachedProgram program = {.paths = {"/nonexistent/program", "/bin/sh"},
                                   .args = {"sh", "-c", script},
                                   .env = {"GREETING=hello"},
                                   .directory = directory,
                                   .fds = {write_end.get()}};
  const Result<> spawned = spawn_detached(program);
  EXPECT_TRUE(spawned) << spawned.error().message;
  write_end.reset();
  return read_fd(read_end.get(), 1U << 20).value_or("unreadable");
}

TEST(SpawnDetached, GivesEnvironmentAndDirectory) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(run_detached("echo $GREETING $HOME; pwd -P >&3; echo $GREETING $HOME >&3", "/usr"),
            "/usr\nhello\n");
  EXPECT_EQ(run_detached("pwd >&3", directory / "missing"), "/\n");
}

TEST(SpawnDetached, LeavesNoDescriptorOpen) {
  const Result<Fd> null = open_path("/dev/null", O_RDONLY);
  ASSERT_TRUE(null);
  // Without O_CLOEXEC, as the pipes of a build are.
  const Fd leak(::fcntl(null->get(), F_DUPFD, 50));
  ASSERT_TRUE(leak);
  const std::string said =
      run_detached(str_cat("cd /proc/$$/fd; a=$(readlink 0; readlink 1; readlink 2; readlink ",
                           leak.get(), " || echo none); echo \"$a\" >&3"),
                   "/");
  EXPECT_EQ(said, "/dev/null\n/dev/null\n/dev/null\nnone\n");
}

TEST(SpawnDetached, StartsASessionOfItsOwnWithDefaultSignals) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer's own fork() leaves signals blocked in the child";
#endif
  // The shell blocks signals while it starts a program: grep takes its place and looks at itself.
  const std::string said = run_detached(
      "cut -d' ' -f6 /proc/$$/stat >&3; exec grep -E 'Sig(Blk|Ign)' /proc/self/status >&3", "/");
  const std::string own_session = str_cat(static_cast<long>(::getsid(0)), "\n");
  EXPECT_FALSE(said.starts_with(own_session)) << said;
  EXPECT_THAT(said, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(said, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST(SpawnDetached, LeavesUsNoChild) {
  run_detached("true", "/");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(SpawnDetached, SaysThatAProgramCannotBeExecuted) {
  const Result<> spawned = spawn_detached(
      {.paths = {"/nonexistent/program"}, .args = {"x"}, .env = {}, .directory = "/", .fds = {}});
  ASSERT_FALSE(spawned);
  EXPECT_EQ(spawned.error().code, Code::kNotFound);
  EXPECT_THAT(spawned.error().message, HasSubstr("/nonexistent/program"));
}

}  // namespace
}  // namespace zc::os
