#include "os/process.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

using test::kWaitMs;
using ::testing::HasSubstr;

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

// What a daemon looks like for a moment when it is killed.
TEST(ProcessHandle, ProcessWithoutItsFirstThreadIsNotGone) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    pthread_t other;
    ::pthread_create(
        &other, nullptr, [](void*) -> void* { return reinterpret_cast<void*>(::pause()); },
        nullptr);
    ::syscall(SYS_exit, 0);  // of this thread alone
  }
  ASSERT_TRUE(
      wait_until([&] { return process_state(pid).value_or('?') == 'Z'; }, Deadline(kWaitMs), 1));
  const Result<ProcessHandle> handle = ProcessHandle::open(*identity_of(pid));
  ASSERT_TRUE(handle);
  EXPECT_FALSE(handle->wait_gone(1));
  ASSERT_TRUE(handle->kill());
  EXPECT_TRUE(handle->wait_gone(kWaitMs));
  ::waitpid(pid, nullptr, 0);
}

TEST(ProcessHandle, SeesThatAProcessIsStopped) {
  const Child child;
  ::kill(child.pid(), SIGSTOP);
  ASSERT_EQ(::waitpid(child.pid(), nullptr, WUNTRACED), child.pid());
  EXPECT_EQ(process_state(child.pid()), 'T');
}

// What the program, whose descriptor 3 is a pipe, writes there.
std::string detached_output(DetachedProgram program) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  program.fds = {write_end.get()};
  const Result<> spawned = spawn_detached(program);
  EXPECT_TRUE(spawned) << spawned.error().message;
  write_end.reset();
  return read_fd(read_end.get(), 1U << 20).value_or("unreadable");
}

// A shell script as the detached program: says what it sees, to descriptor 3.
std::string run_detached(const std::string& script, const std::string& directory) {
  const Result<Fd> shell = open_path("/bin/sh", O_RDONLY);
  return detached_output({.program = shell->get(),
                          .args = {"sh", "-c", script},
                          .env = {"GREETING=hello"},
                          .directory = directory});
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

// What was opened is what runs, whatever its name leads to by then.
TEST(SpawnDetached, RunsWhatWasOpened) {
  const test::TemporaryDirectory directory;
  const std::string name = directory / "program";
  std::filesystem::copy_file("/bin/sh", name);
  const Result<Fd> program = open_path(name, O_RDONLY);
  ASSERT_TRUE(program);
  ASSERT_TRUE(replace_file(name, "#!/bin/sh\necho planted >&3\n", 0700));
  EXPECT_EQ(detached_output({.program = program->get(), .args = {"sh", "-c", "echo ours >&3"}}),
            "ours\n");
}

TEST(SpawnDetached, RunsACopy) {
  const test::TemporaryDirectory directory;
  const Result<Fd> shell = open_path("/bin/sh", O_RDONLY);
  const Result<Fd> copies = open_path(directory.path(), O_PATH | O_DIRECTORY);
  EXPECT_EQ(detached_output({.program = shell->get(),
                             .copy_directory = copies->get(),
                             .copy_name = "sh.1",
                             .args = {"sh", "-c", "readlink /proc/$$/exe >&3"}}),
            directory / "sh.1\n");
  EXPECT_EQ(stat_path(directory / "sh.1")->mode & 07777, stat_path("/bin/sh")->mode & 07777);
}

// Neither a file nor a link that lies in the copy's place is touched or run.
TEST(SpawnDetached, WhereACopyCannotBeMadeTheProgramRuns) {
  const test::TemporaryDirectory directory;
  const Result<Fd> shell = open_path("/bin/sh", O_RDONLY);
  const Result<Fd> copies = open_path(directory.path(), O_PATH | O_DIRECTORY);
  ASSERT_TRUE(replace_file(directory / "file", "precious", 0600));
  ASSERT_EQ(::symlink("file", (directory / "link").c_str()), 0);
  for (const char* name : {"file", "link", "missing/name"}) {
    EXPECT_EQ(detached_output({.program = shell->get(),
                               .copy_directory = copies->get(),
                               .copy_name = name,
                               .args = {"sh", "-c", "readlink /proc/$$/exe >&3"}}),
              std::filesystem::canonical("/bin/sh").string() + "\n");
    EXPECT_EQ(read_path(directory / "file", 100), "precious");
  }
}

TEST(SpawnDetached, SaysThatAProgramCannotBeExecuted) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(replace_file(directory / "text", "no program", 0700));
  const Result<Fd> text = open_path(directory / "text", O_RDONLY);
  const Result<> spawned = spawn_detached(
      {.program = text->get(), .args = {"/opt/text"}, .env = {}, .directory = "/", .fds = {}});
  ASSERT_FALSE(spawned);
  EXPECT_THAT(spawned.error().message, HasSubstr("/opt/text"));
}

// Each has a shell change one thing, and the program that it would start report what it has.
class SpawnDetachedFrom : public ::testing::Test {
 protected:
  // `change` runs in a child of ours, which then spawns `script`.
  template <class Change>
  static std::string after(Change change, const std::string& script) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
      change();
      const Result<Fd> shell = open_path("/bin/sh", O_RDONLY);
      const bool spawned = spawn_detached({.program = shell->get(),
                                           .args = {"sh", "-c", script},
                                           .env = {"PATH=/usr/bin:/bin"},
                                           .directory = "/",
                                           .fds = {write_end.get()}})
                               .has_value();
      ::_exit(spawned ? 0 : 1);
    }
    write_end.reset();
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    return read_fd(read_end.get(), 1U << 20).value_or("unreadable");
  }

  static void lower(decltype(RLIMIT_AS) resource, rlim_t soft) {
    rlimit limit = {};
    ::getrlimit(resource, &limit);
    limit.rlim_cur = soft;
    ::setrlimit(resource, &limit);
  }
};

TEST_F(SpawnDetachedFrom, SoftLimitsBecomeHardOnes) {
  constexpr rlim_t kMoreThanSanitizersNeed = rlim_t{1} << 46;
  const std::string wanted = after([] {}, "ulimit -Hn >&3; ulimit -Hv >&3; ulimit -Hf >&3");
  EXPECT_EQ(after(
                [] {
                  lower(RLIMIT_NOFILE, 64);
                  lower(RLIMIT_AS, kMoreThanSanitizersNeed);
                  lower(RLIMIT_FSIZE, 0);
                },
                "ulimit -Sn >&3; ulimit -Sv >&3; ulimit -Sf >&3"),
            wanted);
  EXPECT_EQ(after([] { lower(RLIMIT_STACK, 1U << 20); }, "ulimit -Ss >&3"), "8192\n");
  EXPECT_EQ(after([] { lower(RLIMIT_CORE, RLIM_INFINITY); }, "ulimit -Sc >&3"), "0\n");
}

TEST_F(SpawnDetachedFrom, UmaskAndPersonalityAreAsAtLogin) {
  EXPECT_EQ(after([] { ::umask(0); }, "umask >&3"), "0077\n");
  EXPECT_EQ(after([] { ::personality(static_cast<unsigned long>(PER_LINUX32)); }, "uname -m >&3"),
            after([] {}, "uname -m >&3"));
}

TEST_F(SpawnDetachedFrom, ProcessorsAreAsAtLogin) {
  const std::string script = "grep Cpus_allowed: /proc/self/status >&3";
  EXPECT_EQ(after(
                [] {
                  cpu_set_t one;
                  CPU_ZERO(&one);
                  CPU_SET(0, &one);
                  ::sched_setaffinity(0, sizeof one, &one);
                },
                script),
            after([] {}, script));
}

TEST_F(SpawnDetachedFrom, PrioritiesAreAsAtLoginWhereThatIsAllowed) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root may raise a priority again";
  }
  EXPECT_EQ(after([] { ::setpriority(PRIO_PROCESS, 0, 10); }, "nice >&3"), "0\n");
  EXPECT_EQ(after(
                [] {
                  const Result<Fd> score = open_path("/proc/self/oom_score_adj", O_WRONLY);
                  EXPECT_TRUE(write_all(score->get(), "500"));
                },
                "cat /proc/$$/oom_score_adj >&3"),
            "0\n");
}

}  // namespace
}  // namespace zc::os
