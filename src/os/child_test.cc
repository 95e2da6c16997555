#include "os/child.h"

#include <signal.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

extern "C" char** environ;

namespace zc::os {
namespace {

class Collected final : public StreamSink {
 public:
  void on_stdout(std::string_view bytes) override { out.append(bytes); }
  void on_stderr(std::string_view bytes) override { err.append(bytes); }
  std::string out;
  std::string err;
};

Result<ChildStatus> run(const std::string& program, std::string option, std::string script,
                        StreamSink& sink) {
  std::string name = program;
  std::string file = "/proc/self/status";
  char* const args[] = {name.data(), option.data(), script.data(), file.data(), nullptr};
  return run_child(program.c_str(), args, environ, sink);
}

// Sets what happens on SIGCHLD; returns what it was.
struct sigaction handle_sigchld_by(sighandler_t handler) {
  struct sigaction wanted = {};
  struct sigaction before = {};
  wanted.sa_handler = handler;
  EXPECT_EQ(::sigaction(SIGCHLD, &wanted, &before), 0);
  return before;
}

TEST(RunChildTest, TellsHowTheChildEndedWhateverTheCallerDoesWithSigchld) {
  for (const auto handler : {SIG_DFL, SIG_IGN}) {
    const struct sigaction before = handle_sigchld_by(handler);
    Collected streams;
    const Result<ChildStatus> exited = run("/bin/sh", "-c", "echo text; exit 3", streams);
    ASSERT_TRUE(exited);
    EXPECT_EQ(exited->exit_code, 3);
    EXPECT_EQ(exited->signal, 0);
    EXPECT_EQ(streams.out, "text\n");
    const Result<ChildStatus> killed = run("/bin/sh", "-c", "kill -9 $$", streams);
    ASSERT_TRUE(killed);
    EXPECT_EQ(killed->signal, SIGKILL);
    struct sigaction after = {};
    ASSERT_EQ(::sigaction(SIGCHLD, &before, &after), 0);
    EXPECT_EQ(after.sa_handler, handler);
  }
}

TEST(RunChildDeathTest, ASignalEndsUsWhileNobodyReadsTheMessages) {
  class Stuck final : public StreamSink {
   public:
    void on_stdout(std::string_view) override {
      ::raise(SIGTERM);
      while (true) {
        ::pause();
      }
    }
    void on_stderr(std::string_view) override {}
  };
  Stuck sink;
  EXPECT_EXIT((void)run("/bin/sh", "-c", "echo text; exec sleep 60", sink),
              testing::KilledBySignal(SIGTERM), "");
}

TEST(RunChildTest, TheChildGetsTheCallersDispositions) {
  for (const auto handler : {SIG_DFL, SIG_IGN}) {
    const struct sigaction before = handle_sigchld_by(handler);
    Collected streams;
    // Bit 16 of the mask, in the fifth digit from the right, stands for signal 17. A shell would
    // have changed the disposition.
    const Result<ChildStatus> ended =
        run("/bin/sed", "-n", "s/^SigIgn:.*\\(.\\)....$/\\1/p", streams);
    ASSERT_EQ(::sigaction(SIGCHLD, &before, nullptr), 0);
    ASSERT_TRUE(ended);
    ASSERT_FALSE(streams.out.empty());
    EXPECT_EQ((streams.out[0] - '0') % 2, handler == SIG_IGN ? 1 : 0) << streams.out;
  }
}

TEST(RunChildTest, StreamsComeApartWithWhatTheEnvironmentSays) {
  std::string shell = "sh";
  std::string option = "-c";
  std::string script = "echo $WORD; echo more >&2";
  std::string variable = "WORD=text";
  char* const args[] = {shell.data(), option.data(), script.data(), nullptr};
  char* const environment[] = {variable.data(), nullptr};
  Collected streams;
  ASSERT_TRUE(run_child("/bin/sh", args, environment, streams));
  EXPECT_EQ(streams.out, "text\n");
  EXPECT_EQ(streams.err, "more\n");
}

TEST(RunChildTest, WhatCannotBeRunIsAnErrorAndHasNotRun) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer makes vfork a fork, so the child cannot report its error";
#endif
  Collected streams;
  const Result<ChildStatus> missing = run("/none/cc", "-c", "a.c", streams);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_NE(missing.error().message.find("/none/cc"), std::string::npos);
  EXPECT_FALSE(run("/", "-c", "a.c", streams));
  EXPECT_EQ(streams.out + streams.err, "");
}

TEST(RunChildTest, ASignalToEndGoesOnToTheChildWhichDecides) {
  Collected streams;
  const Result<ChildStatus> ended =
      run("/bin/sh", "-c", "trap 'exit 5' TERM; while :; do kill -TERM $PPID; done", streams);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_code, 5);
  EXPECT_EQ(ended->signal, 0);
}

TEST(RunChildTest, AProcessThatHoldsTheStreamsOfAChildThatHasEndedKeepsNobody) {
  std::string shell = "sh";
  std::string option = "-c";
  std::string script = "sleep 60 & echo $!; exit 3";
  char* const args[] = {shell.data(), option.data(), script.data(), nullptr};
  Collected streams;
  const Result<ChildStatus> ended = run_child("/bin/sh", args, environ, streams, 1);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_code, 3);
  const std::string pid = streams.out.substr(0, streams.out.find('\n'));
  ASSERT_FALSE(pid.empty());
  EXPECT_EQ(::kill(std::stoi(pid), SIGKILL), 0) << "it was still there";
}

TEST(DieByDeathTest, OurParentSeesTheSignalOfTheCompiler) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  EXPECT_EXIT(
      {
        ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
        ::signal(SIGTERM, SIG_IGN);
        die_by(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
  EXPECT_EXIT(die_by(SIGCHLD), testing::ExitedWithCode(128 + SIGCHLD), "") << "it ends nobody";
}

TEST(RunChildTest, KillsAChildWhenItsTimeIsOver) {
  Collected streams;
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string script = "echo text; exec sleep 1000";
  char* args[] = {shell.data(), option.data(), script.data(), nullptr};
  const Result<ChildStatus> status = run_child(shell.c_str(), args, environ, streams, kDrainMs, 50);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGKILL);
}

}  // namespace
}  // namespace zc::os
