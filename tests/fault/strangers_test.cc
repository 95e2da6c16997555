// Another user prepares the places where a daemon would live, and a build starts one from a world
// of its own: its limits, its preloads, its secrets. In each case the build succeeds, nothing of
// the other user runs, and the daemon is as if it had been started at login.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "base/str.h"
#include "lifecycle/connect.h"
#include "lifecycle/ensure.h"
#include "lifecycle/locations.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/inheritance.h"
#include "os/process.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace zc {
namespace {

using test::kWaitMs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct MergedOutcome {
  int exit_code = -1;
  std::string text;  // both streams
};

// A build of one user with a cache of its own. Beside its own world it can have that of another
// user, who may write to the shared directory.
class Strangers : public ::testing::Test {
 protected:
  Strangers() {
    ::chmod(directory_.path().c_str(), 0755);
    ::mkdir(shared().c_str(), 0777);
    ::chmod(shared().c_str(), 01777);
    ::mkdir(home().c_str(), 0755);
    if (!is_one_user()) {
      EXPECT_EQ(::chown(home().c_str(), us_, us_), 0);
    }
    set("HOME", home());
    set("PATH", "/usr/bin:/bin");
  }

  ~Strangers() override { stop_daemon(); }

  std::string shared() const { return directory_ / "shared"; }
  std::string home() const { return directory_ / "home"; }

  void set(const std::string& name, const std::string& value) {
    std::erase_if(variables_, [&](const std::string& v) { return v.starts_with(name + "="); });
    variables_.push_back(name + "=" + value);
  }
  void unset(const std::string& name) {
    std::erase_if(variables_, [&](const std::string& v) { return v.starts_with(name + "="); });
  }

  lifecycle::Locations at() const {
    const lifecycle::Environment lookup = [&](const char* key) -> const char* {
      for (const std::string& variable : variables_) {
        if (variable.starts_with(std::string(key) + "=")) {
          return variable.c_str() + std::string_view(key).size() + 1;
        }
      }
      return nullptr;
    };
    return *lifecycle::locate(lookup, ZCCACHE_VERSION, home(), us_);
  }

  // Runs one of our programs as the user, after `change` in its process.
  MergedOutcome run(
      const std::string& program, const std::vector<std::string>& args,
      const std::function<void()>& change = [] {}) {
    const std::string output = directory_ / "output";
    std::vector<std::string> words = {programs_ + "/" + program};
    words.insert(words.end(), args.begin(), args.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    std::vector<char*> env;
    for (std::string& variable : variables_) {
      env.push_back(variable.data());
    }
    env.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      become(us_);
      [[maybe_unused]] const int entered = ::chdir(home().c_str());
      change();
      ::execve(argv[0], argv.data(), env.data());
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            .text = os::read_path(output, 1U << 20).value_or("")};
  }

  // A compile in the home directory; it must succeed.
  MergedOutcome compile(const std::function<void()>& change = [] {}) {
    const std::string source = home() + "/a.c";
    std::filesystem::remove(home() + "/a.o");
    EXPECT_TRUE(os::replace_file(source, "int a;\n", 0644));
    set("ZCCACHE_LOG", "debug");
    MergedOutcome out = run("zccache", {"gcc", "-c", "a.c", "-o", "a.o"}, change);
    EXPECT_EQ(out.exit_code, 0) << out.text;
    EXPECT_TRUE(os::stat_path(home() + "/a.o"));
    return out;
  }

  MergedOutcome cli(const std::string& command) { return run("zccache-cli", {command}); }

  // Of two users that no other test at this moment is, the first; our own where we cannot act as
  // another one, or keep temporary files where no other one gets.
  static uid_t unused_uid(const test::TemporaryDirectory& directory) {
    const uid_t uid = 1'000'000U + 2U * static_cast<unsigned>(::getpid());
    if (::geteuid() != 0 || ::chown(directory.path().c_str(), uid, uid) != 0) {
      return ::geteuid();
    }
    const bool can = reaches(uid, directory.path());
    EXPECT_EQ(::chown(directory.path().c_str(), 0, 0), 0);
    return can ? uid : ::geteuid();
  }
  // Whether the user may execute a program, or enter a directory.
  static bool reaches(uid_t uid, const std::string& path) {
    const pid_t child = ::fork();
    if (child == 0) {
      become(uid);
      ::_exit(::access(path.c_str(), X_OK) == 0 ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status == 0;
  }
  // Where the user finds our programs: what was built in a home directory may be out of reach.
  std::string programs_within_reach() const {
    const std::filesystem::path built = ZCCACHE_BIN_DIR;
    if (reaches(us_, built / "zccache")) {
      return built;
    }
    const std::string copies = directory_ / "bin";
    std::filesystem::create_directory(copies);
    ::chmod(copies.c_str(), 0755);
    for (const char* name : {"zccache", "zccache-cli", "zccache-daemon"}) {
      std::filesystem::copy_file(built / name, copies + "/" + name);
    }
    return copies;
  }
  bool is_one_user() const { return us_ == ::geteuid(); }

  // Calls `act` in a process of the user.
  static void as_user(uid_t uid, const std::function<void()>& act) {
    const pid_t child = ::fork();
    if (child == 0) {
      become(uid);
      act();
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }

  static void become(uid_t uid) {
    if (uid != ::geteuid() &&
        (::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
      ::_exit(126);
    }
  }

  pid_t daemon_pid() const {
    const auto daemon = lifecycle::live_daemon(at().lock);
    return daemon ? daemon->pid() : 0;
  }

  template <class Condition>
  static bool eventually(Condition condition) {
    const os::Deadline deadline(kWaitMs);
    while (!condition()) {
      if (deadline.passed()) {
        return false;
      }
      os::sleep_ms(2);
    }
    return true;
  }

  bool daemon_serves() {
    return eventually([&] {
      const auto channel = os::stat_path(at().endpoint);
      return channel && daemon_pid() != 0 && !os::stat_path(at().start_mark());
    });
  }

  void stop_daemon() {
    if (const auto daemon = lifecycle::live_daemon(at().lock)) {
      (void)daemon->signal(SIGKILL);
      daemon->wait_gone(kWaitMs);
    }
  }

  // Of the daemon.
  std::string proc(const std::string& name) const {
    return os::read_path(str_cat("/proc/", static_cast<long>(daemon_pid()), "/", name), 1U << 20)
        .value_or("");
  }

  std::string lifecycle_log() const {
    return os::read_path(at().lifecycle_log(), 1U << 20).value_or("");
  }

  test::TemporaryDirectory directory_;
  std::vector<std::string> variables_;
  const uid_t us_ = unused_uid(directory_);
  const uid_t them_ = us_ + 1;
  const std::string programs_ = programs_within_reach();
};

// What the other user put into the place of the cache never becomes a cache, and its directory is
// named by all who can speak.
class UnsafeDirectory : public Strangers {
 protected:
  void expect_refused(const std::string& name, const std::string& why) {
    const auto named = AllOf(HasSubstr(name), HasSubstr(why), HasSubstr("ZCCACHE_CACHE_DIR"));
    EXPECT_THAT(compile().text, named);
    const MergedOutcome started = cli("start");
    EXPECT_EQ(started.exit_code, 1);
    EXPECT_THAT(started.text, named);
    const MergedOutcome status = cli("status");
    EXPECT_EQ(status.exit_code, 1);
    EXPECT_THAT(status.text, named);
    const MergedOutcome cleared = cli("clear");
    EXPECT_EQ(cleared.exit_code, 1);
    EXPECT_THAT(cleared.text, named);
    EXPECT_EQ(daemon_pid(), 0);
  }

  void need_two_users() {
    if (is_one_user()) {
      GTEST_SKIP() << "only root may act as two users";
    }
  }
};

TEST_F(UnsafeDirectory, ParentOfAnotherUser) {
  need_two_users();
  if (IsSkipped()) {
    return;
  }
  const std::string theirs = shared() + "/theirs";
  as_user(them_, [&] { ::mkdir(theirs.c_str(), 0777); });
  as_user(us_, [&] { ::mkdir((theirs + "/cache").c_str(), 0700); });
  set("ZCCACHE_CACHE_DIR", theirs + "/cache");
  expect_refused(theirs, "belongs to user");
}

TEST_F(UnsafeDirectory, CacheInDirectoryThatAllMayWriteTo) {
  const std::string open = directory_ / "open";
  ASSERT_EQ(::mkdir(open.c_str(), 0777), 0);
  ASSERT_EQ(::chmod(open.c_str(), 0777), 0);
  set("ZCCACHE_CACHE_DIR", open + "/a/b");
  expect_refused(open, "others may write to");
}

TEST_F(UnsafeDirectory, CacheInDirectoryOfAGroup) {
  const std::string team = home() + "/team";
  as_user(us_, [&] {
    ::mkdir(team.c_str(), 0770);
    ::chmod(team.c_str(), 0770);
  });
  set("ZCCACHE_CACHE_DIR", team + "/cache");
  expect_refused(team, "chmod go-w");
}

TEST_F(UnsafeDirectory, LinkOfAnotherUser) {
  need_two_users();
  if (IsSkipped()) {
    return;
  }
  const std::string link = shared() + "/link";
  as_user(them_, [&] { [[maybe_unused]] const int r = ::symlink(home().c_str(), link.c_str()); });
  set("ZCCACHE_CACHE_DIR", link + "/cache");
  expect_refused(link, "belongs to user");
}

TEST_F(UnsafeDirectory, SubdirectoriesOfAnotherUser) {
  need_two_users();
  if (IsSkipped()) {
    return;
  }
  for (const char* name : {"v" ZCCACHE_VERSION "/logs", "v" ZCCACHE_VERSION "/runtime-binaries"}) {
    const std::string cache = str_cat(home(), "/cache-", name[sizeof ZCCACHE_VERSION + 1]);
    set("ZCCACHE_CACHE_DIR", cache);
    const std::string planted = str_cat(cache, "/", name);
    as_user(us_, [&] { std::filesystem::create_directories(planted); });
    ASSERT_EQ(::chown(planted.c_str(), them_, them_), 0);
    expect_refused(planted, "belongs to user");
  }
}

// The socket directory that a user chose keeps its mode; one that is not safe is refused.
TEST_F(UnsafeDirectory, ExplicitEndpoint) {
  const std::string chosen = home() + "/run";
  as_user(us_, [&] {
    ::mkdir(chosen.c_str(), 0755);
    ::chmod(chosen.c_str(), 0755);
  });
  set("ZCCACHE_ENDPOINT", chosen + "/z.sock");
  compile();
  EXPECT_TRUE(daemon_serves());
  EXPECT_EQ(os::stat_path(chosen)->mode & 07777, 0755U);
  stop_daemon();
  ASSERT_EQ(::chmod(chosen.c_str(), 0777), 0);
  expect_refused(chosen, "others may write to");
  EXPECT_EQ(os::stat_path(chosen)->mode & 07777, 0777U);
}

// A daemon that is reached by its endpoint says nothing about the directories of this caller.
TEST_F(UnsafeDirectory, ClearRemovesNothingThatOthersCouldExchange) {
  set("ZCCACHE_ENDPOINT", home() + "/z.sock");
  compile();
  ASSERT_TRUE(daemon_serves());
  const std::string open = home() + "/open";
  const std::string older = open + "/cache/v0.0.1";
  as_user(us_, [&] {
    std::filesystem::create_directories(older);
    ::chmod(open.c_str(), 0777);
  });
  set("ZCCACHE_CACHE_DIR", open + "/cache");
  EXPECT_EQ(cli("clear").exit_code, 0);
  EXPECT_TRUE(os::stat_path(older));
  ASSERT_EQ(::chmod(open.c_str(), 0700), 0);
  EXPECT_EQ(cli("clear").exit_code, 0);
  EXPECT_FALSE(os::stat_path(older));
}

// Without HOME the cache is below /tmp, where the other user was first and exchanges directories
// while we look.
TEST_F(UnsafeDirectory, SquattedTemporaryDirectory) {
  need_two_users();
  if (IsSkipped()) {
    return;
  }
  unset("HOME");
  const std::string squatted = std::filesystem::path(at().top_root).parent_path();
  const std::string ours = at().root;
  const std::string theirs = at().top_root + "/evil";
  const std::string proof = shared() + "/proof";
  const pid_t attacker = ::fork();
  if (attacker == 0) {
    become(them_);
    ::umask(0);
    std::filesystem::create_directories(theirs + "/runtime-binaries");
    std::filesystem::create_directories(theirs + "/logs");
    while (true) {
      constexpr unsigned kExchange = 2;
      ::syscall(SYS_renameat2, AT_FDCWD, ours.c_str(), AT_FDCWD, theirs.c_str(), kExchange);
      for (const std::string& place : {ours, theirs}) {
        std::error_code none;
        for (const auto& entry :
             std::filesystem::directory_iterator(place + "/runtime-binaries", none)) {
          const std::string evil = shared() + "/evil";
          (void)os::replace_file(evil, "#!/bin/sh\nid > " + proof + "\n", 0755);
          ::rename(evil.c_str(), entry.path().c_str());
        }
      }
    }
  }
  ASSERT_TRUE(eventually([&] { return os::stat_path(theirs + "/logs").has_value(); }));
  for (int i = 0; i < 5; ++i) {
    expect_refused(squatted, "belongs to user");
  }
  ::kill(attacker, SIGKILL);
  ::waitpid(attacker, nullptr, 0);
  EXPECT_FALSE(os::stat_path(proof));
  std::filesystem::remove_all(squatted);
}

TEST_F(Strangers, LinkedHomeDirectoryWorks) {
  const std::string link = directory_ / "link";
  ASSERT_EQ(::symlink("home", link.c_str()), 0);
  set("HOME", link);
  compile();
  EXPECT_TRUE(daemon_serves());
}

// Files that lie where the daemon wants to put its own.
TEST_F(Strangers, LinksInPlaceOfFilesAreNotFollowed) {
  const std::string precious = home() + "/precious";
  const auto plant = [&](const std::string& path) {
    as_user(us_, [&] {
      std::filesystem::create_directories(std::filesystem::path(path).parent_path());
      [[maybe_unused]] const int made = ::symlink(precious.c_str(), path.c_str());
    });
  };
  ASSERT_TRUE(os::replace_file(precious, "precious", 0600));
  if (!is_one_user()) {
    ASSERT_EQ(::chown(precious.c_str(), us_, us_), 0);
  }
  plant(at().lifecycle_log());
  plant(at().start_mark());
  compile();
  EXPECT_TRUE(eventually([&] { return daemon_pid() != 0; }));
  stop_daemon();
  for (const std::string& lock : {at().lock, at().lock + ".spawn"}) {
    std::filesystem::remove(lock);
    plant(lock);
    EXPECT_EQ(cli("start").exit_code, 1);
    compile();
    std::filesystem::remove(lock);
  }
  EXPECT_EQ(os::read_path(precious, 100), "precious");
}

TEST_F(Strangers, LockOfAnotherUserIsRefused) {
  if (is_one_user()) {
    GTEST_SKIP() << "only root may give a file away";
  }
  as_user(us_, [&] { std::filesystem::create_directories(at().state); });
  ASSERT_TRUE(os::replace_file(at().lock, "", 0666));
  ASSERT_EQ(::chmod(at().lock.c_str(), 0666), 0);
  ASSERT_EQ(::chown(at().lock.c_str(), them_, them_), 0);
  EXPECT_THAT(cli("start").text, HasSubstr("belongs to another user"));
  compile();
}

// What the first build has set for itself ends with it.
class FirstClient : public Strangers {
 protected:
  static void lower(decltype(RLIMIT_AS) resource, rlim_t soft, bool hard = false) {
    rlimit limit = {};
    ::getrlimit(resource, &limit);
    limit.rlim_cur = soft;
    limit.rlim_max = hard ? soft : limit.rlim_max;
    ::setrlimit(resource, &limit);
  }
};

TEST_F(FirstClient, VariablesDoNotReachTheDaemon) {
  const std::vector<std::string> foreign = {"TOKEN=s3cr3t",
                                            "LD_LIBRARY_PATH=" + home(),
                                            "FAKETIME=+1d",
                                            "LD_AUDIT=/nowhere/audit.so",
                                            "GLIBC_TUNABLES=glibc.malloc.check=1",
                                            "MALLOC_PERTURB_=5",
                                            "CC=s3cr3t"};
  for (const std::string& variable : foreign) {
    set(variable.substr(0, variable.find('=')), variable.substr(variable.find('=') + 1));
  }
  set("ZCCACHE_IDLE_TIMEOUT_SECS", "77");
  compile();
  ASSERT_TRUE(daemon_serves());
  const std::string environment = proc("environ");
  for (const std::string& variable : foreign) {
    EXPECT_THAT(environment, Not(HasSubstr(variable.substr(0, variable.find('=') + 1))));
  }
  EXPECT_THAT(environment,
              AllOf(HasSubstr("ZCCACHE_IDLE_TIMEOUT_SECS=77"), HasSubstr("ZCCACHE_LINEAGE="),
                    HasSubstr("ZCCACHE_PARENT_PID="), HasSubstr("ZCCACHE_CLIENT_PID="),
                    HasSubstr("RUNNING_PROCESS_ORIGINATOR=zccache-cli:")));
}

// The first client's library path leads to something that is no library: its programs fail, the
// daemon does not see it.
TEST_F(FirstClient, LibraryPathBreaksNothing) {
  const std::string libraries = home() + "/lib";
  std::filesystem::create_directory(libraries);
  for (const char* name : {"libelf.so.1", "liblmdb.so.0", "libstdc++.so.6", "libZydis.so.4.0"}) {
    ASSERT_TRUE(os::replace_file(str_cat(libraries, "/", name), "no library", 0755));
  }
  set("LD_LIBRARY_PATH", libraries);
  run("zccache", {"true"});
  run("zccache", {"gcc", "-c", "a.c"});
  EXPECT_TRUE(daemon_serves());
}

TEST_F(FirstClient, SoftLimitsEndWithIt) {
  const std::string before =
      os::read_path(str_cat("/proc/", static_cast<long>(::getpid()), "/limits"), 1U << 16)
          .value_or("");
  compile([] {
    ::umask(0);
    lower(RLIMIT_NOFILE, 40);
    lower(RLIMIT_FSIZE, 64U << 10);
    lower(RLIMIT_STACK, 4U << 20);
    lower(RLIMIT_CPU, 5);
    lower(RLIMIT_AS, 1U << 30);
  });
  ASSERT_TRUE(daemon_serves());
  const std::string limits = proc("limits");
  EXPECT_THAT(limits, Not(HasSubstr(" 65536                ")));
  const std::string program = *os::executable_of(daemon_pid());
  EXPECT_TRUE(program.starts_with(at().runtime_binaries() + "/")) << program;
  for (const char* name : {"Max cpu time", "Max file size", "Max address space"}) {
    const std::size_t line = limits.find(name);
    ASSERT_NE(line, std::string::npos);
    const std::vector<std::string_view> words =
        split(std::string_view(limits).substr(line + 26, 42), ' ');
    EXPECT_EQ(words.front(), "unlimited") << limits;
  }
  EXPECT_THAT(proc("status"), HasSubstr("Umask:\t0077"));
}

TEST_F(FirstClient, PrioritiesEndWithIt) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root may raise a priority again";
  }
  // The user itself may not, so root builds here.
  const test::TemporaryDirectory cache;
  set("ZCCACHE_CACHE_DIR", cache / "cache");
  const auto spoil = [] {
    ::setpriority(PRIO_PROCESS, 0, 7);
    const Result<os::Fd> score = os::open_path("/proc/self/oom_score_adj", O_WRONLY);
    (void)os::write_all(score->get(), "400");
  };
  const pid_t child = ::fork();
  if (child == 0) {
    spoil();
    std::vector<const char*> environment;
    for (const std::string& variable : variables_) {
      environment.push_back(variable.c_str());
    }
    environment.push_back(nullptr);
    const lifecycle::Locations locations = at();
    ::_exit(
        lifecycle::ensure_daemon(
            {.locations = locations, .version = ZCCACHE_VERSION, .environment = environment.data()})
            ? 0
            : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(daemon_pid()));
  EXPECT_EQ(nice, 0);
  EXPECT_EQ(proc("oom_score_adj"), "0\n");
  stop_daemon();
}

// A limit that cannot be shed: the daemon says so once, and the following compiles neither copy nor
// log anything; one without the limit starts a daemon at once.
TEST_F(FirstClient, HardLimitsAreNamedOnce) {
  const std::vector<std::pair<decltype(RLIMIT_AS), rlim_t>> limits = {
      {RLIMIT_AS, 200U << 20}, {RLIMIT_FSIZE, 1U << 20}, {RLIMIT_NOFILE, 64}, {RLIMIT_CPU, 100}};
  for (const auto& [resource, value] : limits) {
    const test::TemporaryDirectory scratch;
    ASSERT_EQ(::chmod(scratch.path().c_str(), 0755), 0);
    const std::string cache = str_cat(home(), "/cache-", static_cast<int>(resource));
    set("ZCCACHE_CACHE_DIR", cache);
    const auto limited = [resource = resource, value = value] { lower(resource, value, true); };
    for (int i = 0; i < 8; ++i) {
      compile(limited);
    }
    const std::string log = lifecycle_log();
    EXPECT_THAT(log, AllOf(HasSubstr("start-failed"), HasSubstr("the hard limit on")));
    std::size_t attempts = 0;
    for (std::size_t i = log.find("spawn-attempt"); i != std::string::npos;
         i = log.find("spawn-attempt", i + 1)) {
      ++attempts;
    }
    // The pauses double, so that even slow compiles try less often each time.
    EXPECT_LE(attempts, 6U);
    compile();
    EXPECT_TRUE(daemon_serves());
    stop_daemon();
  }
}

// What the client writes for itself (logs, marks, remarks on a standard error that is a file) never
// ends it, nor the program that takes its place.
TEST_F(FirstClient, FileSizeOfZeroKillsNobody) {
  for (const char* level : {"debug", "info"}) {
    set("ZCCACHE_LOG", level);
    for (const bool hard : {false, true}) {
      const MergedOutcome out = run("zccache", {"true"}, [&] { lower(RLIMIT_FSIZE, 0, hard); });
      EXPECT_EQ(out.exit_code, 0) << out.text;
    }
  }
  // The program that follows finds the signal as the build left it.
  const MergedOutcome shell =
      run("zccache", {"sh", "-c", "echo text"}, [] { lower(RLIMIT_FSIZE, 0); });
  EXPECT_EQ(shell.exit_code, 128 + SIGXFSZ);
}

}  // namespace
}  // namespace zc
