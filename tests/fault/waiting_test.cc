// How long a compile waits for a daemon that is frozen, busy or overrun, with real programs: a
// second once, then not at all; and nobody takes a busy daemon for a dead one.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json.h"
#include "lifecycle/connect.h"
#include "lifecycle/locations.h"
#include "lifecycle/version.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/process.h"
#include "os/socket.h"
#include "support/patience.h"
#include "support/temporary_directory.h"
#include "wire/message.h"

namespace zc {
namespace {

using test::kWaitMs;
using ::testing::HasSubstr;

// Beyond what a compile itself takes on a machine that is loaded.
constexpr int kSlackMs = 3'000;

// "<pid> (<name>) <state> <parent> …"
bool has_child(pid_t parent) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string stat = os::read_path(entry.path() / "stat", 4096).value_or("");
    const std::size_t name_end = stat.rfind(") ");
    if (name_end != std::string::npos &&
        stat.substr(name_end + 3).starts_with(str_cat(' ', static_cast<long>(parent), ' '))) {
      return true;
    }
  }
  return false;
}

class Waiting : public ::testing::Test {
 protected:
  Waiting()
      : variables_{str_cat("ZCCACHE_CACHE_DIR=", directory_ / "cache"), "PATH=/usr/bin:/bin",
                   "ZCCACHE_LOG=debug"},
        at_(*lifecycle::locate(
            [this](const char* name) -> const char* {
              return std::string_view(name) == "ZCCACHE_CACHE_DIR"
                         ? variables_[0].c_str() + std::string_view(name).size() + 1
                         : nullptr;
            },
            ZCCACHE_VERSION, "/", ::geteuid())) {
    write_source("a.c", "int a;\n");
    for (const std::string& variable : variables_) {
      environment_.push_back(variable.c_str());
    }
    environment_.push_back(nullptr);
  }
  ~Waiting() override {
    if (const auto daemon = lifecycle::live_daemon(at_.lock)) {
      (void)daemon->signal(SIGKILL);
      daemon->wait_gone(kWaitMs);
    }
  }

  void write_source(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(os::replace_file(directory_ / name, text, 0600));
  }

  struct Outcome {
    int exit_code = -1;
    std::string err;
    std::int64_t ms = 0;
  };

  pid_t begin(const std::string& program, const std::vector<std::string>& args) {
    std::vector<std::string> words = {str_cat(ZCCACHE_BIN_DIR, "/", program)};
    words.insert(words.end(), args.begin(), args.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const std::string out = directory_ / "out";
    const std::string err = directory_ / "err";
    const pid_t child = ::fork();
    if (child == 0) {
      constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
      ::dup2(::open(out.c_str(), kFlags, 0600), STDOUT_FILENO);
      ::dup2(::open(err.c_str(), kFlags, 0600), STDERR_FILENO);
      if (::chdir(std::string(directory_ / ".").c_str()) != 0) {
        ::_exit(126);
      }
      ::execve(argv[0], argv.data(), const_cast<char**>(environment_.data()));
      ::_exit(127);
    }
    return child;
  }
  Outcome end(pid_t child, std::int64_t start_ms) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {.exit_code = WEXITSTATUS(status),
            .err = os::read_path(directory_ / "err", 1U << 20).value_or(""),
            .ms = os::monotonic_ms() - start_ms};
  }
  Outcome run(const std::string& program, const std::vector<std::string>& args) {
    const std::int64_t start_ms = os::monotonic_ms();
    return end(begin(program, args), start_ms);
  }
  Outcome compile() {
    ::unlink(std::string(directory_ / "a.o").c_str());
    const Outcome out = run("zccache", {"gcc", "-c", "a.c", "-o", "a.o"});
    EXPECT_EQ(out.exit_code, 0) << out.err;
    EXPECT_TRUE(os::stat_path(directory_ / "a.o"));
    return out;
  }
  codec::Json figures() {
    const Outcome out = run("zccache-cli", {"status", "--json"});
    EXPECT_EQ(out.exit_code, 0) << out.err;
    const auto text = os::read_path(directory_ / "out", 1U << 20);
    return codec::Json::parse(text.value_or("")).value_or(codec::Json()).at("daemon");
  }

  void start() { ASSERT_EQ(run("zccache-cli", {"start"}).exit_code, 0); }
  pid_t daemon_pid() const {
    const auto daemon = lifecycle::live_daemon(at_.lock);
    return daemon ? daemon->pid() : 0;
  }
  void freeze(pid_t pid) const {
    ASSERT_EQ(::kill(pid, SIGSTOP), 0);
    const os::Deadline deadline(kWaitMs);
    while (os::process_state(pid) != 'T' && !deadline.passed()) {
      os::sleep_ms(1);
    }
  }
  std::size_t disconnects() const {
    const std::string log = os::read_path(at_.lifecycle_log(), 1U << 20).value_or("");
    std::size_t count = 0;
    for (std::size_t i = log.find("client-disconnected"); i != std::string::npos;
         i = log.find("client-disconnected", i + 1)) {
      ++count;
    }
    return count;
  }

  test::TemporaryDirectory directory_;
  const std::vector<std::string> variables_;
  std::vector<const char*> environment_;
  const lifecycle::Locations at_;
};

TEST_F(Waiting, AFrozenDaemonCostsOneCompileASecond) {
  start();
  const pid_t pid = daemon_pid();
  freeze(pid);
  const Outcome first = compile();
  EXPECT_GE(first.ms, limits::kPatienceMs / 2);
  EXPECT_LT(first.ms, limits::kPatienceMs + kSlackMs);
  EXPECT_EQ(disconnects(), 1U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(compile().err, HasSubstr("left alone"));
  }
  EXPECT_EQ(disconnects(), 1U);
  // As soon as it goes on it is used again, and it is the same one.
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  const os::Deadline deadline(kWaitMs);
  while (compile().err != "" && !deadline.passed()) {
  }
  EXPECT_EQ(daemon_pid(), pid);
  EXPECT_FALSE(deadline.passed());
}

TEST_F(Waiting, AFrozenDaemonTakesNoLargeRequestAndKeepsNobody) {
  start();
  freeze(daemon_pid());
  // gcc passes its arguments on in one variable, and so takes no command of this size.
  if (::access("/usr/bin/clang", X_OK) != 0) {
    GTEST_SKIP() << "no clang";
  }
  std::vector<std::string> many = {"clang", "-c", "a.c", "-o", "a.o"};
  for (int i = 0; i < 6'000; ++i) {
    many.push_back(str_cat("-DNAME", i, "=", std::string(80, 'y')));
  }
  const Outcome first = run("zccache", many);
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_LT(first.ms, limits::kPatienceMs + 2 * kSlackMs);
  const Outcome second = run("zccache", many);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("no reply lately"));
}

// A request that the socket takes, and is large enough to ask for the mark before it is sent.
TEST_F(Waiting, ALargeRequestAsksASilentDaemonAgain) {
  start();
  freeze(daemon_pid());
  std::vector<std::string> large = {"gcc", "-c", "a.c", "-o", "a.o"};
  for (int i = 0; i < 800; ++i) {
    large.push_back(str_cat("-DNAME", i, "=", std::string(80, 'y')));
  }
  const std::string mark = at_.lock + ".silent";
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = run("zccache", large);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("no answer in time"));
    EXPECT_GE(outcome.ms, limits::kPatienceMs / 2);
    EXPECT_THAT(run("zccache", large).err, HasSubstr("no reply lately"));
    // As if its time were over.
    const std::string text = std::filesystem::read_symlink(mark);
    const std::string over =
        str_cat(text.substr(0, text.find(',')), ',', os::monotonic_ms() - 1, ",5000");
    ASSERT_EQ(::unlink(mark.c_str()), 0);
    ASSERT_EQ(::symlink(over.c_str(), mark.c_str()), 0);
  }
}

TEST_F(Waiting, ADaemonThatIsFrozenWhileTheCompilerRunsKeepsNobody) {
  std::string source;
  for (int i = 0; i < 400; ++i) {
    str_append(source, "int f", i, "(int x) { return x * ", i, " + x / 3; }\n");
  }
  write_source("a.c", source);
  start();
  const std::int64_t plain_ms = [&] {
    const std::int64_t before = os::monotonic_ms();
    EXPECT_EQ(::system(str_cat("cd ", directory_ / ".", " && gcc -O2 -c a.c -o p.o").c_str()), 0);
    return os::monotonic_ms() - before;
  }();
  const std::int64_t start_ms = os::monotonic_ms();
  const pid_t client = begin("zccache", {"gcc", "-O2", "-c", "a.c", "-o", "a.o"});
  const os::Deadline deadline(kWaitMs);
  while (!has_child(client) && !deadline.passed()) {
    os::sleep_ms(1);
  }
  freeze(daemon_pid());
  const Outcome outcome = end(client, start_ms);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_LT(outcome.ms, 2 * plain_ms + limits::kPatienceMs + kSlackMs);
  EXPECT_TRUE(os::stat_path(directory_ / "a.o"));
}

TEST_F(Waiting, ABacklogThatIsFullKeepsNobody) {
  start();
  const pid_t pid = daemon_pid();
  rlimit files = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  freeze(pid);
  std::vector<os::Fd> waiting;
  Result<os::Fd> one = os::connect_unix(at_.endpoint);
  while (one) {
    waiting.push_back(*std::move(one));
    one = os::connect_unix(at_.endpoint);
  }
  if (one.error().code != Code::kTimeout) {
    GTEST_SKIP() << "too few descriptors to fill it: " << one.error().message;
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_LT(compile().ms, kSlackMs);
  }
  const Outcome status = run("zccache-cli", {"status"});
  EXPECT_EQ(status.exit_code, 1);
  EXPECT_THAT(status.err, HasSubstr("too many clients wait"));
  EXPECT_EQ(daemon_pid(), pid);
}

// As many clients as the daemon has threads, none of which gets on.
TEST_F(Waiting, ADaemonWithoutAFreeThreadIsNotTakenForADeadOne) {
  start();
  const pid_t pid = daemon_pid();
  std::vector<wire::Connection> slow;
  for (std::size_t i = 0; i < limits::kServerThreadsMax + 10; ++i) {
    Result<os::Fd> socket = os::connect_unix(at_.endpoint);
    ASSERT_TRUE(socket);
    slow.emplace_back(*std::move(socket));
    ASSERT_TRUE(slow.back().send("zcc1"));
  }
  EXPECT_EQ(run("zccache-cli", {"start"}).exit_code, 0);
  EXPECT_EQ(daemon_pid(), pid);
  EXPECT_TRUE(lifecycle::check_daemon_version(at_.endpoint, ZCCACHE_VERSION, kWaitMs).usable());
  EXPECT_THAT(compile().err, HasSubstr("daemon_busy"));
  EXPECT_EQ(figures().at("pid").as_u64(), static_cast<std::uint64_t>(pid));
}

TEST_F(Waiting, FiguresCountWhatHasEnded) {
  start();
  for (std::uint64_t i = 1; i <= 9; ++i) {
    write_source("a.c", str_cat("int a", i, ";\n"));
    // A source of this very instant is not trusted.
    const std::int64_t written_ns = os::stat_path(directory_ / "a.c")->ctime_ns;
    while (os::wall_ns() - written_ns < 2 * limits::kTimestampGranuleNs) {
      os::sleep_ms(1);
    }
    (void)compile();
    const codec::Json now = figures();
    EXPECT_EQ(now.at("misses").as_u64(), i);
    EXPECT_EQ(now.at("store").at("results").as_u64(), i);
  }
}

}  // namespace
}  // namespace zc
