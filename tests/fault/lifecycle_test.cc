// The daemon's life as clients see it, with real daemons that are raced, killed, stopped, and given
// locks, sockets and directories that are not as they should be.
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>

#include "base/str.h"
#include "codec/json.h"
#include "fault/fake_daemon.h"
#include "fault/lifecycle_fixture.h"
#include "lifecycle/connect.h"
#include "lifecycle/ensure.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/listener.h"
#include "os/lock.h"
#include "os/process.h"
#include "os/socket.h"
#include "support/patience.h"
#include "wire/message.h"

namespace zc {
namespace {

using lifecycle::DaemonState;
using lifecycle::Readiness;
using test::eventually;
using test::FakeDaemon;
using test::kSilentMs;
using test::kVersion;
using test::kWaitMs;
using test::Lifecycle;
using test::Outcome;
using test::status_of_version;
using ::testing::HasSubstr;

// A process that is not a daemon.
class Stranger {
 public:
  Stranger() : pid_(::fork()) {
    if (pid_ == 0) {
      while (true) {
        ::pause();
      }
    }
  }
  ~Stranger() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  pid_t pid() const { return pid_; }
  bool alive() const { return ::waitpid(pid_, nullptr, WNOHANG) == 0; }

 private:
  pid_t pid_;
};

TEST_F(Lifecycle, StartStatusStop) {
  const Outcome started = cli({"start"});
  EXPECT_EQ(started.exit_code, 0) << started.err;
  EXPECT_EQ(started.out, "");
  EXPECT_THAT(started.err, HasSubstr("daemon running at " + at_.endpoint));
  const Outcome again = cli({"start"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.err, str_cat("daemon running at ", at_.endpoint, ", as before, with pid ",
                               daemon_pid(), "\n"));
  EXPECT_EQ(events("spawn"), 1U);

  const Outcome status = cli({"status", "--json"});
  EXPECT_EQ(status.exit_code, 0);
  const Result<codec::Json> json = codec::Json::parse(status.out);
  ASSERT_TRUE(json) << status.out;
  EXPECT_EQ(json->at("status").as_text(), "ok");
  EXPECT_TRUE(json->at("hit_rate").is_null());
  EXPECT_THAT(json->at("daemon").at("version").as_text(),
              ::testing::StartsWith(str_cat(kVersion, "+")));
  EXPECT_EQ(json->at("daemon").at("pid").as_u64(), static_cast<std::uint64_t>(daemon_pid()));
  EXPECT_THAT(cli({"status"}).out, HasSubstr("Hit rate:"));

  const Outcome stopped = cli({"kill"});
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_EQ(stopped.err, "daemon stopped\n");
  EXPECT_FALSE(exists(at_.endpoint));
  EXPECT_TRUE(lock_is_free());
  EXPECT_EQ(events("died-shutdown"), 1U);
}

TEST_F(Lifecycle, CommandsWithoutADaemon) {
  EXPECT_EQ(cli({"status"}).exit_code, 1);
  const Outcome status = cli({"status", "--json"});
  EXPECT_EQ(status.exit_code, 1);
  const Result<codec::Json> json = codec::Json::parse(status.out);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->at("status").as_text(), "error");
  EXPECT_THAT(json->at("error").as_text(), HasSubstr("not running"));
  const Outcome stopped = cli({"stop"});
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_THAT(stopped.err, HasSubstr("daemon not running at"));
  EXPECT_EQ(cli({"clear"}).exit_code, 0);
  EXPECT_FALSE(exists(at_.endpoint));
}

TEST_F(Lifecycle, WrongUsage) {
  EXPECT_EQ(cli({"nonsense"}).exit_code, 2);
  EXPECT_EQ(cli({"status", "--yaml"}).exit_code, 2);
  EXPECT_EQ(run("zccache-daemon", {"--nonsense"}).exit_code, 2);
  EXPECT_THAT(cli({"--version"}).out, ::testing::StartsWith(str_cat("zccache ", kVersion, "+")));
}

TEST_F(Lifecycle, DaemonWithoutForegroundOnlyReports) {
  EXPECT_THAT(run("zccache-daemon", {}).out, HasSubstr("no daemon at"));
  ensure();
  const Outcome report = run("zccache-daemon", {});
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_THAT(report.out, HasSubstr("runs at"));
}

TEST_F(Lifecycle, ClientsThatRaceShareOneDaemon) {
  constexpr std::size_t kClients = 32;
  std::vector<pid_t> children;
  int gate[2];
  ASSERT_EQ(::pipe2(gate, O_CLOEXEC), 0);
  for (std::size_t i = 0; i < kClients; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      char unused = 0;
      ::close(gate[1]);
      [[maybe_unused]] const ssize_t n = ::read(gate[0], &unused, 1);
      ::_exit(lifecycle::ensure_daemon(caller()) ? 0 : 1);
    }
    children.push_back(child);
  }
  ::close(gate[1]);
  ::close(gate[0]);
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(events("spawn-attempt"), 1U);
  EXPECT_EQ(events("spawn"), 1U);
  EXPECT_TRUE(answers());
}

TEST_F(Lifecycle, FilesArePrivateAndStrangersCannotBeHeld) {
  ::umask(0);
  ensure();
  ::umask(022);
  EXPECT_EQ(os::stat_path(at_.state)->mode & 07777, 0700U);
  EXPECT_EQ(os::stat_path(at_.logs())->mode & 07777, 0700U);
  EXPECT_EQ(os::stat_path(at_.lock)->mode & 07777, 0600U);
  EXPECT_EQ(os::stat_path(at_.lifecycle_log())->mode & 07777, 0600U);
  for (const auto& entry : std::filesystem::directory_iterator(at_.logs())) {
    EXPECT_EQ(os::stat_path(entry.path())->mode & 07777, 0600U) << entry.path();
  }
}

TEST_F(Lifecycle, DaemonRunsFromACopyAndMarksItInUse) {
  ensure();
  const std::string program = *os::executable_of(daemon_pid());
  EXPECT_TRUE(program.starts_with(at_.runtime_binaries() + "/zccache-daemon.")) << program;
  EXPECT_TRUE(os::is_in_use(program));
  EXPECT_EQ(
      std::filesystem::read_symlink(str_cat("/proc/", static_cast<long>(daemon_pid()), "/cwd")),
      at_.state);
}

TEST_F(Lifecycle, DaemonWhoseProgramWasRemovedIsStillKnown) {
  ensure();
  const pid_t pid = daemon_pid();
  ASSERT_EQ(::unlink(os::executable_of(pid)->c_str()), 0);
  EXPECT_EQ(daemon_pid(), pid);
}

TEST_F(Lifecycle, StaleSocketAndLockAreNoObstacle) {
  ASSERT_TRUE(os::make_directories(at_.state));
  {
    const Result<os::Fd> dead = os::listen_unix(at_.endpoint);
  }
  ASSERT_TRUE(exists(at_.endpoint));
  const Stranger stranger;
  ASSERT_TRUE(os::replace_file(at_.lock, os::identity_of(stranger.pid())->text(), 0600));
  ASSERT_TRUE(os::replace_file(at_.lock + ".spawn", "12345\n", 0600));
  ensure();
  EXPECT_TRUE(answers());
  EXPECT_TRUE(stranger.alive());
}

TEST_F(Lifecycle, GarbageInTheLockIsNobody) {
  ASSERT_TRUE(os::make_directories(at_.state));
  ASSERT_TRUE(os::replace_file(at_.lock, std::string(1000, '\xff'), 0600));
  ensure();
  EXPECT_TRUE(answers());
}

// The lock is held, but names a process that is no daemon: it is neither killed nor replaced.
TEST_F(Lifecycle, StrangerThatHoldsTheLockIsNotKilled) {
  ASSERT_TRUE(os::make_directories(at_.state));
  const Stranger stranger;
  const auto held = os::FileLock::try_take(at_.lock);
  ASSERT_TRUE(held && held->has_value());
  ASSERT_TRUE((*held)->write(os::identity_of(stranger.pid())->text()));
  EXPECT_FALSE(lifecycle::live_daemon(at_.lock));
  EXPECT_THAT(ensure_error(), HasSubstr("exited at once"));
  EXPECT_THAT(cli({"stop"}).err, HasSubstr("not running"));
  EXPECT_TRUE(stranger.alive());
}

TEST_F(Lifecycle, NewerDaemonIsUsed) {
  const FakeDaemon newer(at_.endpoint, status_of_version("999.0.0"), false);
  ensure();
  EXPECT_THAT(cli({"start"}).err, HasSubstr("the daemon is of a newer build than this one"));
  EXPECT_FALSE(newer.was_asked_to_stop());
  EXPECT_EQ(lifecycle::check_daemon_version(at_.endpoint, kVersion).state, DaemonState::kNewer);
}

TEST_F(Lifecycle, OlderDaemonIsReplaced) {
  for (const char* version : {"0.0.1", "no version"}) {
    const FakeDaemon older(at_.endpoint, status_of_version(version), true);
    EXPECT_EQ(lifecycle::check_daemon_version(at_.endpoint, kVersion).state, DaemonState::kOlder);
    ensure();
    EXPECT_TRUE(older.was_asked_to_stop());
    EXPECT_TRUE(answers());
    EXPECT_THAT(lifecycle_log(), HasSubstr("replaced-stale-version"));
    ASSERT_EQ(cli({"stop"}).exit_code, 0);
  }
}

TEST_F(Lifecycle, NewerBuildReplacesAnOlderOne) {
  const std::string own = str_cat(kVersion, "+1000.aaaa");
  for (const std::string& build :
       {std::string(kVersion), str_cat(kVersion, "+999.ffff"), str_cat(kVersion, "+1000.0000")}) {
    const FakeDaemon older(at_.endpoint, status_of_version(build), true);
    ASSERT_TRUE(lifecycle::ensure_daemon(caller(own)));
    EXPECT_TRUE(older.was_asked_to_stop()) << build;
    ASSERT_EQ(cli({"stop"}).exit_code, 0);
  }
  // Each recovery is told, with both versions.
  EXPECT_EQ(events("auto-recovery"), 3U);
  EXPECT_THAT(lifecycle_log(),
              HasSubstr(str_cat("\"daemon_version\":\"", kVersion, "+999.ffff\"")));
  EXPECT_THAT(lifecycle_log(), HasSubstr(str_cat("\"client_version\":\"", own, "\"")));
  const FakeDaemon newer(at_.endpoint, status_of_version(str_cat(kVersion, "+1001.0000")), true);
  ASSERT_TRUE(lifecycle::ensure_daemon(caller(own)));
  EXPECT_FALSE(newer.was_asked_to_stop());
}

// Half of an installation was replaced: the client is newer than the daemon beside it. It replaces
// the daemon once, not for each compile.
TEST_F(Lifecycle, DaemonServesANewerBuildThatStartedIt) {
  ensure();
  const std::string newer = str_cat(kVersion, "+99999999999.aaaa");
  ASSERT_TRUE(lifecycle::ensure_daemon(caller(newer)));
  const pid_t second = daemon_pid();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(lifecycle::ensure_daemon(caller(newer)));
  }
  EXPECT_EQ(daemon_pid(), second);
  EXPECT_EQ(events("spawn"), 2U);
  EXPECT_EQ(cli({"status"}).exit_code, 0);
}

// Half of an installation: programs that have no daemon leave the one alone that others have
// started, be it older or broken.
TEST_F(Lifecycle, WithoutADaemonProgramNobodyIsReplaced) {
  const std::string alone = directory_ / "alone";
  std::filesystem::create_directory(alone);
  for (const char* program : {"zccache", "zccache-cli"}) {
    std::filesystem::copy_file(std::string(ZCCACHE_BIN_DIR) + "/" + program, alone + "/" + program);
  }
  settings("PATH", "/usr/bin:/bin");
  const std::string source = directory_ / "a.c";
  ASSERT_TRUE(os::replace_file(source, "int a;\n", 0600));
  for (const std::string& answer : {status_of_version("0.0.1"), status_of_version("no version"),
                                    *wire::encode_text(wire::Type::kError, kVersion, "broken")}) {
    const FakeDaemon daemon(at_.endpoint, answer, true);
    EXPECT_EQ(run_in(alone, "zccache", {"gcc", "-c", source, "-o", directory_ / "a.o"}).exit_code,
              0);
    const Outcome started = run_in(alone, "zccache-cli", {"start"});
    EXPECT_EQ(started.exit_code, 1);
    EXPECT_THAT(started.err, HasSubstr("cannot find zccache-daemon binary"));
    EXPECT_FALSE(daemon.was_asked_to_stop());
    ::unlink(at_.endpoint.c_str());
  }
  EXPECT_EQ(events("auto-recovery"), 0U);
}

// A real daemon is older than a client of the future.
TEST_F(Lifecycle, RealOlderDaemonIsAskedAndIfNeedBeKilled) {
  ensure();
  const pid_t old = daemon_pid();
  // The new daemon is not of that version either, but it is new.
  (void)lifecycle::ensure_daemon(caller("999.0.0"));
  EXPECT_NE(daemon_pid(), old);
  EXPECT_NE(daemon_pid(), 0);
  EXPECT_THAT(lifecycle_log(), HasSubstr("replaced-stale-version"));
}

TEST_F(Lifecycle, StrangerThatTalksNonsenseIsLeftAlone) {
  const FakeDaemon stranger(at_.endpoint, "220 smtp.example.org ESMTP\r\n", false);
  EXPECT_EQ(lifecycle::check_daemon_version(at_.endpoint, kVersion).state, DaemonState::kCommError);
  EXPECT_THAT(ensure_error(), HasSubstr("another program answers"));
  EXPECT_TRUE(os::connect_unix(at_.endpoint));
}

TEST_F(Lifecycle, FileInPlaceOfTheSocketIsLeftAlone) {
  ASSERT_TRUE(os::make_directories(at_.state));
  ASSERT_TRUE(os::replace_file(at_.endpoint, "precious", 0600));
  EXPECT_THAT(ensure_error(), HasSubstr("not a socket"));
  EXPECT_EQ(os::read_path(at_.endpoint, 100), "precious");
}

TEST_F(Lifecycle, SignalsStopItProperly) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    ensure();
    ASSERT_EQ(::kill(daemon_pid(), number), 0);
    EXPECT_TRUE(eventually([&] { return lock_is_free() && !exists(at_.endpoint); })) << number;
  }
  EXPECT_EQ(events("died-shutdown"), 3U);
}

TEST_F(Lifecycle, KilledDaemonIsFollowedByANewOne) {
  ensure();
  const pid_t old = daemon_pid();
  ASSERT_EQ(::kill(old, SIGKILL), 0);
  ASSERT_TRUE(eventually([&] { return lock_is_free(); }));
  EXPECT_TRUE(exists(at_.endpoint));
  ensure();
  EXPECT_NE(daemon_pid(), old);
  EXPECT_EQ(events("died-shutdown"), 0U);
}

TEST_F(Lifecycle, StoppedDaemonIsReplaced) {
  ensure();
  const pid_t old = daemon_pid();
  suspend(old);
  ensure();
  EXPECT_NE(daemon_pid(), old);
  EXPECT_THAT(lifecycle_log(), HasSubstr("replaced-comm-error"));
  EXPECT_THAT(lifecycle_log(), HasSubstr("\"event\":\"daemon-died\""));
  EXPECT_THAT(lifecycle_log(), HasSubstr(str_cat("\"outbound_pid\":", static_cast<long>(old))));
  EXPECT_THAT(lifecycle_log(),
              HasSubstr(str_cat("\"inbound_pid\":", static_cast<long>(daemon_pid()))));
}

TEST_F(Lifecycle, StopKillsADaemonThatDoesNotAnswer) {
  ensure();
  suspend(daemon_pid());
  const Outcome stopped = cli({"stop"});
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_THAT(stopped.err, HasSubstr("was killed"));
  EXPECT_TRUE(eventually([&] { return lock_is_free(); }));
}

TEST_F(Lifecycle, WrapperReplacesNobodyForSilence) {
  ensure();
  const pid_t pid = daemon_pid();
  const lifecycle::VersionCheck silent = {
      .state = DaemonState::kCommError, .daemon_version = "", .timed_out = true};
  suspend(pid);
  const Result<Readiness> frozen =
      lifecycle::ensure_daemon_for_wrapper(caller(), silent, 50, os::Deadline(200));
  ASSERT_FALSE(frozen);
  EXPECT_THAT(frozen.error().message, HasSubstr("busy"));
  EXPECT_EQ(daemon_pid(), pid);
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  EXPECT_TRUE(lifecycle::ensure_daemon_for_wrapper(caller(), silent, 50, os::Deadline(kWaitMs)));
  EXPECT_EQ(daemon_pid(), pid);
}

TEST_F(Lifecycle, WrapperDoesNotWaitLong) {
  const std::int64_t start_ms = os::monotonic_ms();
  const Result<Readiness> started =
      lifecycle::ensure_daemon_for_wrapper(caller(), {}, 0, os::Deadline(1'000));
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_LT(os::monotonic_ms() - start_ms, 5'000);
  // However little it waited, the daemon is on its way, and nobody starts another one.
  EXPECT_TRUE(lifecycle::ensure_daemon_for_wrapper(caller(), {}, 0, os::Deadline(1'000)));
  EXPECT_TRUE(eventually([&] { return answers(); }));
  EXPECT_EQ(events("spawn-attempt"), 1U);
}

TEST_F(Lifecycle, DeletedCacheEndsTheDaemon) {
  ensure();
  const pid_t pid = daemon_pid();
  const auto handle = os::ProcessHandle::open(*os::identity_of(pid));
  ASSERT_TRUE(handle);
  std::filesystem::remove_all(directory_ / "cache");
  EXPECT_TRUE(handle->wait_gone(kWaitMs));
  EXPECT_FALSE(exists(directory_ / "cache"));
}

TEST_F(Lifecycle, DeletedCacheIsServedAnew) {
  ensure();
  const pid_t old = daemon_pid();
  std::filesystem::remove_all(directory_ / "cache");
  ensure();
  EXPECT_NE(daemon_pid(), old);
  EXPECT_TRUE(answers());
  // The old one must not take the new one's files with it.
  const Result<os::ProcessIdentity> identity = os::identity_of(old);
  if (identity) {
    if (const auto handle = os::ProcessHandle::open(*identity)) {
      EXPECT_TRUE(handle->wait_gone(kWaitMs));
    }
  }
  EXPECT_TRUE(answers());
  EXPECT_FALSE(lock_is_free());
}

TEST_F(Lifecycle, IdleDaemonEnds) {
  settings("ZCCACHE_IDLE_TIMEOUT_SECS", "1");
  ensure();
  EXPECT_TRUE(eventually([&] { return lock_is_free(); }));
  EXPECT_FALSE(exists(at_.endpoint));
  EXPECT_EQ(events("died-idle"), 1U);
  const std::string log = lifecycle_log();
  EXPECT_THAT(log, HasSubstr("\"idle_timeout_secs\":1"));
  EXPECT_THAT(log, ::testing::ContainsRegex("\"idle_secs\":[1-9]"));
}

// What of a start is promised to other tools: arguments, lineage, and the events' fields.
TEST_F(Lifecycle, StartIsAsDocumented) {
  ensure();
  const std::string proc = str_cat("/proc/", static_cast<long>(daemon_pid()), "/");
  const std::string pid = str_cat(static_cast<long>(::getpid()));
  const std::string arguments = os::read_path(proc + "cmdline", 1U << 16).value_or("");
  const std::vector<std::string_view> words = split(arguments, '\0');
  ASSERT_GE(words.size(), 6U);
  EXPECT_EQ(words[1], "--foreground");
  EXPECT_EQ(words[2], "--endpoint");
  EXPECT_EQ(words[3], at_.endpoint);
  EXPECT_EQ(words[4], "--log-file");
  EXPECT_TRUE(words[5].starts_with(str_cat(at_.logs(), "/daemon-spawn-", pid, "-"))) << words[5];
  const std::string environment = os::read_path(proc + "environ", 1U << 16).value_or("");
  for (const std::string& expected :
       {"RUNNING_PROCESS_ORIGINATOR=zccache-cli:" + pid, "ZCCACHE_LINEAGE=" + pid,
        "ZCCACHE_PARENT_PID=" + pid, "ZCCACHE_CLIENT_PID=" + pid}) {
    EXPECT_THAT(split(environment, '\0'), ::testing::Contains(expected));
  }
  const std::map<std::string, std::vector<std::string>> fields = {
      {"spawn-attempt",
       {"reason", "endpoint", "client_pid", "client_version", "client_binary_path"}},
      {"spawn", {"endpoint", "idle_timeout", "version", "client_version", "client_binary_path"}}};
  const std::string log = lifecycle_log();
  for (const std::string_view line : split(log, '\n')) {
    const Result<codec::Json> event = codec::Json::parse(line);
    if (!event) {
      continue;
    }
    for (const char* name : {"ts_ms", "event", "pid", "daemon_namespace"}) {
      EXPECT_FALSE(event->at(name).is_null()) << line;
    }
    const auto expected = fields.find(std::string(event->at("event").as_text()));
    ASSERT_NE(expected, fields.end()) << line;
    for (const std::string& name : expected->second) {
      EXPECT_FALSE(event->at(name).is_null()) << name << " in " << line;
    }
  }
}

TEST_F(Lifecycle, ACrashLeavesADump) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers have reports of their own";
#endif
  EXPECT_THAT(cli({"crashes"}).err, HasSubstr("no crashes"));
  settings("ZCCACHE_TOKEN", "s3cr3t");
  const std::pair<int, const char*> signals[] = {{SIGSEGV, "SIGSEGV"},
                                                 {SIGABRT, "SIGABRT"},
                                                 {SIGBUS, "SIGBUS"},
                                                 {SIGFPE, "SIGFPE"},
                                                 {SIGILL, "SIGILL"}};
  for (const auto& [number, name] : signals) {
    ensure();
    EXPECT_EQ(os::read_path(str_cat("/proc/", static_cast<long>(daemon_pid()), "/comm"), 100),
              "zccache-daemon\n");
    ASSERT_EQ(::kill(daemon_pid(), number), 0);
    ASSERT_TRUE(eventually([&] { return lock_is_free(); }));
    const std::string dumps = cli({"crashes"}).out;
    EXPECT_THAT(dumps, HasSubstr(str_cat("-zccache-daemon-", name, "-")));
    EXPECT_THAT(dumps, HasSubstr(str_cat("signal: ", name)));
    EXPECT_THAT(dumps, HasSubstr(str_cat("zccache-daemon ", kVersion, "+")));
    EXPECT_THAT(dumps, HasSubstr("thread: "));
    EXPECT_THAT(dumps, ::testing::ContainsRegex("stack:\n.*\\+0x[0-9a-f]+"));
    EXPECT_THAT(dumps, ::testing::Not(HasSubstr("s3cr3t")));
  }
  EXPECT_THAT(cli({"status"}).out, HasSubstr("Crashes:       5"));
  EXPECT_EQ(cli({"crashes", "--clear"}).exit_code, 0);
  EXPECT_THAT(cli({"crashes"}).err, HasSubstr("no crashes"));
  EXPECT_EQ(cli({"crashes", "--all"}).exit_code, 2);
}

TEST_F(Lifecycle, BadSettingsAreNamed) {
  settings("ZCCACHE_IDLE_TIMEOUT_SECS", "soon");
  const Outcome started = cli({"start"});
  EXPECT_EQ(started.exit_code, 0);
  EXPECT_THAT(started.err, HasSubstr("ZCCACHE_IDLE_TIMEOUT_SECS=soon"));
  EXPECT_THAT(cli({"status"}).out, HasSubstr("ZCCACHE_IDLE_TIMEOUT_SECS=soon"));
}

TEST_F(Lifecycle, SpawningCanBeForbidden) {
  settings("ZCCACHE_NO_SPAWN", "1");
  EXPECT_THAT(ensure_error(), HasSubstr("ZCCACHE_NO_SPAWN"));
  EXPECT_FALSE(lifecycle::ensure_daemon_for_wrapper(caller(), {}, 50, os::Deadline(1'000)));
  const FakeDaemon older(at_.endpoint, status_of_version("0.0.1"), true);
  EXPECT_THAT(ensure_error(), HasSubstr("ZCCACHE_NO_SPAWN"));
  EXPECT_FALSE(older.was_asked_to_stop());
}

TEST_F(Lifecycle, SpawningIsForbiddenByEachWordForYes) {
  for (const char* yes : {"1", "true", "yes", "on"}) {
    const std::string forbids = str_cat("ZCCACHE_NO_SPAWN=", yes);
    const std::array<const char*, 3> environment = {variables_[0].c_str(), forbids.c_str(),
                                                    nullptr};
    lifecycle::Caller client = caller();
    client.environment = environment.data();
    const Result<> ready = lifecycle::ensure_daemon(client);
    ASSERT_FALSE(ready) << forbids;
    EXPECT_THAT(ready.error().message, HasSubstr(forbids));
  }
}

TEST_F(Lifecycle, RunningDaemonIsUsedWhereSpawningIsForbidden) {
  ensure();
  settings("ZCCACHE_NO_SPAWN", "true");
  ensure();
  EXPECT_EQ(events("spawn"), 1U);
}

TEST_F(Lifecycle, DirectoryThatOthersMayWriteIsRefused) {
  ASSERT_TRUE(os::make_directories(at_.state));
  ASSERT_EQ(::chmod(at_.state.c_str(), 0777), 0);
  EXPECT_THAT(ensure_error(), HasSubstr("others may write"));
  const Outcome started = cli({"start"});
  EXPECT_EQ(started.exit_code, 1);
  EXPECT_THAT(started.err, HasSubstr("failed to start daemon: others may write"));
}

TEST_F(Lifecycle, DirectoryThatOthersMayReadIsClosed) {
  ASSERT_TRUE(os::make_directories(at_.state));
  ASSERT_EQ(::chmod(at_.state.c_str(), 0755), 0);
  ensure();
  EXPECT_EQ(os::stat_path(at_.state)->mode & 07777, 0700U);
}

TEST_F(Lifecycle, DirectoryOfAnotherUserIsRefused) {
  ASSERT_TRUE(os::make_directories(at_.state));
  if (::chown(at_.state.c_str(), ::geteuid() + 1, static_cast<gid_t>(-1)) != 0) {
    GTEST_SKIP() << "only root may give a directory away";
  }
  EXPECT_THAT(ensure_error(), HasSubstr("belongs to user"));
}

TEST_F(Lifecycle, RootThatCannotBeMadeIsAnError) {
  ASSERT_TRUE(os::replace_file(directory_ / "file", "", 0600));
  settings("X", "x");
  variables_.clear();
  settings("ZCCACHE_CACHE_DIR", directory_ / "file/cache");
  EXPECT_THAT(ensure_error(), HasSubstr("is not a directory"));
  EXPECT_EQ(cli({"start"}).exit_code, 1);
}

// Whoever reads the other end to its end (make, a CI step) must not wait for the daemon.
TEST_F(Lifecycle, SpawnedDaemonHoldsNoneOfOurDescriptors) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ensure();
  ::close(ends[1]);
  const std::string directory = str_cat("/proc/", static_cast<long>(daemon_pid()), "/fd");
  const auto holds_a_pipe = [&] {
    std::error_code gone;
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
      found = found || target.starts_with("pipe:");
    }
    return found;
  };
  // The one through which it says that it is ready is closed right after.
  EXPECT_TRUE(eventually([&] { return !holds_a_pipe(); }));
  char unused = 0;
  EXPECT_EQ(::read(ends[0], &unused, 1), 0);
  ::close(ends[0]);
}

}  // namespace
}  // namespace zc
