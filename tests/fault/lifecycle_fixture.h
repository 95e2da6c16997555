// The fixture of tests that run our programs as a user does: a cache of its own for each test, and
// whatever daemon serves it at the end is killed.
//
// Thread: the test's.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lifecycle/connect.h"
#include "lifecycle/ensure.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/process.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace zc::test {

inline constexpr std::string_view kVersion = ZCCACHE_VERSION;
// A daemon of these tests that is silent for so long is stopped; `start` is more patient.
inline constexpr int kSilentMs = 2'000;

template <class Condition>
bool eventually(Condition condition) {
  const os::Deadline deadline(kWaitMs);
  while (!condition()) {
    if (deadline.passed()) {
      return false;
    }
    os::sleep_ms(1);
  }
  return true;
}

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class Lifecycle : public ::testing::Test {
 protected:
  Lifecycle() { settings("ZCCACHE_CACHE_DIR", directory_ / "cache"); }
  ~Lifecycle() override {
    if (const auto daemon = lifecycle::live_daemon(at_.lock)) {
      (void)daemon->signal(SIGKILL);
      daemon->wait_gone(kWaitMs);
    }
  }

  // Adds a variable to the environment of clients and daemons of this test.
  void settings(const std::string& name, const std::string& value) {
    variables_.push_back(name + "=" + value);
    environment_.clear();
    for (const std::string& variable : variables_) {
      environment_.push_back(variable.c_str());
    }
    environment_.push_back(nullptr);
    const lifecycle::Environment lookup = [&](const char* key) -> const char* {
      for (const std::string& variable : variables_) {
        if (variable.starts_with(std::string(key) + "=")) {
          return variable.c_str() + std::string_view(key).size() + 1;
        }
      }
      return nullptr;
    };
    at_ = *lifecycle::locate(lookup, kVersion, "/", ::geteuid());
  }

  lifecycle::Caller caller(std::string_view version = kVersion) const {
    return {.locations = at_,
            .version = version,
            .environment = environment_.data(),
            .reply_ms = kSilentMs};
  }

  void ensure() {
    const Result<> ready = lifecycle::ensure_daemon(caller());
    ASSERT_TRUE(ready) << ready.error().message;
  }

  std::string ensure_error() {
    const Result<> ready = lifecycle::ensure_daemon(caller());
    return ready ? "no error" : ready.error().message;
  }

  bool answers() const {
    return lifecycle::check_daemon_version(at_.endpoint, kVersion).state ==
           lifecycle::DaemonState::kOk;
  }

  pid_t daemon_pid() const {
    const auto daemon = lifecycle::live_daemon(at_.lock);
    return daemon ? daemon->pid() : 0;
  }

  bool lock_is_free() const { return !os::is_lock_held(at_.lock); }

  static bool exists(const std::string& path) {
    struct stat st = {};
    return ::lstat(path.c_str(), &st) == 0;
  }

  std::string lifecycle_log() const {
    return os::read_path(at_.lifecycle_log(), 1U << 20).value_or("");
  }

  std::size_t events(const std::string& name) const {
    const std::string needle = "\"event\":\"" + name + "\"";
    const std::string log = lifecycle_log();
    std::size_t count = 0;
    for (std::size_t i = log.find(needle); i != std::string::npos; i = log.find(needle, i + 1)) {
      ++count;
    }
    return count;
  }

  static void suspend(pid_t pid) {
    ASSERT_EQ(::kill(pid, SIGSTOP), 0);
    ASSERT_TRUE(eventually([&] { return os::process_state(pid) == 'T'; }));
  }

  // Runs one of our programs to its end.
  Outcome run(const std::string& program, const std::vector<std::string>& args) {
    return run_in(ZCCACHE_BIN_DIR, program, args);
  }
  Outcome run_in(const std::string& directory, const std::string& program,
                 const std::vector<std::string>& args) {
    const std::string out = directory_ / "out";
    const std::string err = directory_ / "err";
    int status = 0;
    ::waitpid(begin(directory, program, args, out, err), &status, 0);
    return {.exit_code = WEXITSTATUS(status),
            .out = os::read_path(out, 1U << 20).value_or(""),
            .err = os::read_path(err, 1U << 20).value_or("")};
  }
  // Starts it, with its streams in these files.
  pid_t begin(const std::string& directory, const std::string& program,
              const std::vector<std::string>& args, const std::string& out,
              const std::string& err) {
    std::vector<std::string> words = {directory + "/" + program};
    words.insert(words.end(), args.begin(), args.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
      ::dup2(::open(out.c_str(), kFlags, 0600), STDOUT_FILENO);
      ::dup2(::open(err.c_str(), kFlags, 0600), STDERR_FILENO);
      ::execve(argv[0], argv.data(), const_cast<char**>(environment_.data()));
      ::_exit(127);
    }
    return child;
  }
  Outcome cli(const std::vector<std::string>& args) { return run("zccache-cli", args); }

  test::TemporaryDirectory directory_;
  std::vector<std::string> variables_;
  std::vector<const char*> environment_;
  lifecycle::Locations at_;
};

}  // namespace zc::test
