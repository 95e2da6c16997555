// A run as the daemon orders it, with scripts for compilers and the test for a daemon.
#include "client/run.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <deque>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "client/observed_run.h"
#include "client/verify.h"
#include "os/file.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace zc::client {
namespace {

using test::kWaitMs;
using testing::ElementsAre;
using testing::IsEmpty;

// What this process writes to a standard descriptor while it lives.
class Shown {
 public:
  explicit Shown(int fd)
      : fd_(fd), before_(::dup(fd)), file_(::memfd_create("shown", MFD_CLOEXEC)) {
    std::fflush(nullptr);
    EXPECT_GE(::dup2(file_.get(), fd_), 0);
  }
  ~Shown() { ::dup2(before_.get(), fd_); }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

  std::string text() const {
    EXPECT_EQ(::lseek(file_.get(), 0, SEEK_SET), 0);
    return os::read_fd(file_.get(), 64U << 20).value_or("unreadable");
  }

 private:
  const int fd_;
  const os::Fd before_;
  const os::Fd file_;
};

class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    connection_.emplace(os::Fd(ends[0]));
    daemon_.emplace(os::Fd(ends[1]));
  }

  // Runs this script for a compiler with the given arguments.
  Result<RunOutcome> run(const std::string& script, std::vector<std::string> args = {}) {
    const std::string path = directory_ / "cc";
    EXPECT_TRUE(os::replace_file(path, "#!/bin/sh\n" + script + "\n", 0755));
    return run_compiler(path, std::move(args));
  }
  Result<RunOutcome> run_compiler(const std::string& path, std::vector<std::string> args = {}) {
    if (daemon_) {
      // Its answer to the report waits in the socket already.
      for (const wire::Type type : {wire::Type::kWait, wire::Type::kWait, wire::Type::kStored}) {
        EXPECT_TRUE(daemon_->send(*wire::encode_plain(type, "9.9.9")));
      }
    }
    std::vector<char*> words;
    for (std::string& arg : args) {
      words.push_back(arg.data());
    }
    const Shown out(1);
    const Shown err(2);
    Result<RunOutcome> outcome =
        run_and_report({.path = path, .argv0 = "cc", .nested = {}, .is_plain = false}, words,
                       order_, fds_, directory_.path(), *connection_);
    out_ = out.text();
    err_ = err.text();
    return outcome;
  }

  // Runs this script to verify a hit, with these replies of the daemon to the reports.
  Result<VerifiedRun> verify(const std::string& script, const std::vector<std::string>& replies) {
    const std::string path = directory_ / "cc";
    EXPECT_TRUE(os::replace_file(path, "#!/bin/sh\n" + script + "\n", 0755));
    for (const std::string& reply : replies) {
      EXPECT_TRUE(daemon_->send(reply));
    }
    order_.verifies = true;
    const Shown out(1);
    const Shown err(2);
    Result<VerifiedRun> verified = verify_hit(
        {.path = path, .argv0 = "cc", .nested = {}, .is_plain = false}, {}, order_, *connection_);
    out_ = out.text();
    err_ = err.text();
    return verified;
  }
  static std::string reply(wire::Type type) { return *wire::encode_plain(type, "9.9.9"); }

  // What the daemon got; the report borrows from the frame.
  wire::RunReport report() {
    Result<wire::Frame> frame = daemon_->receive(kWaitMs);
    EXPECT_TRUE(frame);
    frame_ = frame ? *std::move(frame) : wire::Frame{};
    EXPECT_EQ(frame_.type, wire::Type::kRunReport);
    return wire::decode_run_report(frame_.payload).value_or(wire::RunReport{});
  }
  // Of the descriptor that came with the report at that place.
  std::string content(std::size_t place) const {
    std::string bytes(100, '\0');
    const ssize_t n = place < frame_.fds.size()
                          ? ::pread(frame_.fds[place].get(), bytes.data(), bytes.size(), 0)
                          : -1;
    return n < 0 ? "none" : bytes.substr(0, static_cast<std::size_t>(n));
  }
  // A path of the test's directory, which the order may borrow.
  const std::string& in(const std::string& name) { return paths_.emplace_back(directory_ / name); }

  test::TemporaryDirectory directory_;
  std::optional<wire::Connection> connection_;
  std::optional<wire::Connection> daemon_;
  std::deque<std::string> paths_;
  wire::RunOrder order_;
  std::vector<os::Fd> fds_;
  wire::Frame frame_;
  std::string out_;
  std::string err_;
};

TEST_F(RunTest, ArgumentsOfTheOrderComeWhereItSays) {
  order_.inject = {"-x", "-y"};
  order_.inject_at = 1;
  ASSERT_TRUE(run("echo \"$@\"", {"a", "b c"}));
  EXPECT_EQ(out_, "a -x -y b c\n");
}

TEST_F(RunTest, APlaceBehindTheLastArgumentIsTheEnd) {
  order_.inject = {"-x"};
  order_.inject_at = 7;
  ASSERT_TRUE(run("echo \"$@\"", {"a"}));
  EXPECT_EQ(out_, "a -x\n");
}

TEST_F(RunTest, StreamsAndExitCodeAreShownAndReported) {
  order_.outputs = {in("a.o")};
  const Result<RunOutcome> outcome =
      run("echo text; echo error >&2; echo x > \"$1\"; exit 3", {directory_ / "a.o"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 3);
  EXPECT_EQ(outcome->signal, 0);
  EXPECT_EQ(out_, "text\n");
  EXPECT_EQ(err_, "error\n");
  const wire::RunReport seen = report();
  EXPECT_EQ(seen.exit_code, 3);
  EXPECT_FALSE(seen.signalled);
  EXPECT_EQ(seen.out, "text\n");
  EXPECT_EQ(seen.err, "error\n");
  EXPECT_THAT(seen.present, IsEmpty()) << "what a run that failed has written is nothing to keep";
  EXPECT_THAT(frame_.fds, IsEmpty());
}

TEST_F(RunTest, OutputsThatWereWrittenArePassedInTheirOrder) {
  order_.outputs = {in("a.o"), in("missing"), in("a.d")};
  ASSERT_TRUE(run("printf object > \"$1\"; printf deps > \"$2\"",
                  {directory_ / "a.o", directory_ / "a.d"}));
  const wire::RunReport seen = report();
  EXPECT_THAT(seen.present, ElementsAre(true, false, true));
  ASSERT_EQ(frame_.fds.size(), 2U);
  EXPECT_EQ(content(0), "object");
  EXPECT_EQ(content(1), "deps");
  EXPECT_FALSE(seen.has_memory_file);
}

TEST_F(RunTest, LeftoversLinksAndDirectoriesAreNoOutputs) {
  order_.outputs = {in("old"), in("link"), in("directory"), in("new")};
  ASSERT_TRUE(os::replace_file(directory_ / "old", "old", 0644));
  const timespec times[] = {{.tv_sec = 1'000'000'000, .tv_nsec = 1},
                            {.tv_sec = 1'000'000'000, .tv_nsec = 1}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (directory_ / "old").c_str(), times, 0), 0);
  ASSERT_EQ(::symlink("new", (directory_ / "link").c_str()), 0);
  ASSERT_EQ(::mkdir((directory_ / "directory").c_str(), 0700), 0);
  ASSERT_TRUE(run("echo x > \"$1\"", {directory_ / "new"}));
  EXPECT_THAT(report().present, ElementsAre(false, false, false, true));
}

TEST_F(RunTest, APrivateDepfileIsWrittenToAFileWithoutAName) {
  order_.inject = {"-x"};
  order_.private_depfile = true;
  ASSERT_TRUE(run("echo \"$1 $2 $3\"; printf deps > \"$4\""));
  EXPECT_EQ(out_, "-x -MD -MF\n");
  EXPECT_TRUE(report().has_memory_file);
  ASSERT_EQ(frame_.fds.size(), 1U);
  EXPECT_EQ(content(0), "deps");
}

TEST_F(RunTest, ASignalThatEndsTheCompilerIsReported) {
  order_.outputs = {in("a.o")};
  const Result<RunOutcome> outcome = run("echo x > \"$1\"; kill -9 $$", {directory_ / "a.o"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->signal, 9);
  const wire::RunReport seen = report();
  EXPECT_TRUE(seen.signalled);
  EXPECT_THAT(seen.present, IsEmpty());
}

TEST_F(RunTest, ACompilerThatCannotBeStartedIsReportedToNobody) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer makes vfork a fork, so the child cannot report its error";
#endif
  const Result<RunOutcome> outcome = run_compiler(directory_ / "none");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kNotFound);
  EXPECT_FALSE(daemon_->wait(0));
}

TEST_F(RunTest, StreamsThatAreTooLargeAreShownWhole) {
  wire::RunReport seen;
  {
    // The report is more than the socket holds.
    const std::jthread daemon([&] { seen = report(); });
    ASSERT_TRUE(run("head -c 1100000 /dev/zero; echo error >&2"));
  }
  EXPECT_EQ(out_.size(), 1'100'000U);
  EXPECT_TRUE(seen.streams_too_large);
  EXPECT_EQ(seen.err, "error\n");
}

TEST_F(RunTest, ADaemonThatHasGoneChangesNothing) {
  daemon_.reset();
  const Result<RunOutcome> outcome = run("echo text; exit 2");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 2);
  EXPECT_EQ(out_, "text\n");
}

TEST_F(RunTest, AnObservedRunIsToldItsChannel) {
  order_.observe = true;
  ASSERT_TRUE(run("echo $ZCCACHE_OBSERVE"));
  EXPECT_EQ(out_, "\n") << "no connection came with the order";
  fds_.emplace_back(::memfd_create("connection", MFD_CLOEXEC));
  ASSERT_TRUE(run("echo $ZCCACHE_OBSERVE"));
  // Beside this test there may be an observer, or not.
  const bool is_there = !find_observer(os::Preload::kGlibc, directory_.path()).empty();
  EXPECT_EQ(out_, is_there ? str_cat("/proc/", static_cast<long>(::getpid()), "/fd/",
                                     fds_.front().get(), "\n")
                           : "\n");
}

// Each run prints another number, so that a test sees which one is shown.
constexpr const char* kPrintsItsRuns = "echo x >> runs; wc -l < runs; echo error >&2";

class VerifyTest : public RunTest {
 protected:
  VerifyTest() { EXPECT_EQ(::chdir(directory_.path().c_str()), 0); }
  ~VerifyTest() override { EXPECT_EQ(::chdir("/"), 0); }
};

TEST_F(VerifyTest, ARightHitIsDeliveredAndTheRunIsNotShown) {
  const auto verified = verify(kPrintsItsRuns, {reply(wire::Type::kWait), reply(wire::Type::kHit)});
  ASSERT_TRUE(verified);
  EXPECT_TRUE(verified->hit);
  EXPECT_EQ(out_ + err_, "");
  const wire::RunReport seen = report();
  EXPECT_EQ(seen.out, "1\n");
  EXPECT_EQ(seen.err, "error\n");
}

TEST_F(VerifyTest, WhatTheLastRunPrintedIsShownIfThatCounts) {
  const auto verified = verify(std::string(kPrintsItsRuns) + "; exit 3",
                               {reply(wire::Type::kRunOrder), reply(wire::Type::kStored)});
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->hit);
  EXPECT_EQ(out_, "2\n");
  EXPECT_EQ(err_, "error\n");
  EXPECT_EQ(verified->outcome.exit_code, 3);
  EXPECT_EQ(verified->wrong, "");
}

TEST_F(VerifyTest, AWrongResultHasItsMessage) {
  const auto verified = verify(
      kPrintsItsRuns, {reply(wire::Type::kRunOrder),
                       *wire::encode_text(wire::Type::kWrongResult, "9.9.9", "a.o: other bytes")});
  ASSERT_TRUE(verified);
  EXPECT_EQ(out_, "2\n");
  EXPECT_EQ(verified->wrong, "a.o: other bytes");
}

TEST_F(VerifyTest, NothingIsShownIfTheCompilerMustRunForTheUser) {
  EXPECT_FALSE(verify(kPrintsItsRuns, {reply(wire::Type::kError)}));
  EXPECT_EQ(out_ + err_, "");
  EXPECT_FALSE(verify(kPrintsItsRuns, {reply(wire::Type::kRunOrder), reply(wire::Type::kRunOrder)}))
      << "two runs prove all that can be proved";
  EXPECT_EQ(out_ + err_, "");
  daemon_.reset();
  EXPECT_FALSE(verify(kPrintsItsRuns, {}));
  EXPECT_EQ(out_ + err_, "");
}

TEST_F(VerifyTest, AnOldOutputIsReportedAsWell) {
  order_.outputs = {in("old"), in("missing")};
  ASSERT_TRUE(os::replace_file(directory_ / "old", "old", 0644));
  const timespec times[] = {{.tv_sec = 1'000'000'000, .tv_nsec = 1},
                            {.tv_sec = 1'000'000'000, .tv_nsec = 1}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (directory_ / "old").c_str(), times, 0), 0);
  ASSERT_TRUE(verify("exit 0", {reply(wire::Type::kHit)}));
  EXPECT_THAT(report().present, ElementsAre(true, false));
}

TEST_F(VerifyTest, ACommandThatTheUserEndsIsOver) {
  const auto verified = verify("echo text; kill -INT $$", {});
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->hit);
  EXPECT_EQ(verified->outcome.signal, SIGINT);
  EXPECT_EQ(out_, "text\n");
  EXPECT_FALSE(daemon_->wait(0)) << "nothing is reported";
}

TEST_F(VerifyTest, MessagesThatAreTooLargeAreShownWholeAndTheRunCounts) {
  const auto verified = verify("echo error >&2; head -c 1100000 /dev/zero", {});
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->hit);
  EXPECT_EQ(out_.size(), 1'100'000U);
  EXPECT_EQ(err_, "error\n");
}

// --- a command that is run again

// What the script leaves is in the files it names by its arguments.
class RunAgainTest : public RunTest {
 protected:
  RunAgainTest() {
    order_.verifies = true;
    made_ = directory_ / "made";
    order_.cleared = {made_};
  }

  // A command that counts its runs, and does this in each.
  void run_counting(const std::string& script) {
    ASSERT_TRUE(run(str_cat("echo x >> ", std::string(directory_ / "runs"), "\n", script)));
  }
  // The daemon's replies to the reports.
  void given_replies(const std::vector<std::string>& replies) {
    for (const std::string& reply : replies) {
      EXPECT_TRUE(daemon_->send(reply));
    }
  }
  std::string text(const std::string& name) const {
    return os::read_path(directory_ / name, 100).value_or("none");
  }
  std::string again() const { return *wire::encode(order_, "9.9.9"); }
  // The next report that is there, in words.
  std::string reported() {
    const Result<wire::Frame> frame = daemon_->receive(kWaitMs);
    const auto report = frame ? wire::decode_run_report(frame->payload) : std::nullopt;
    return report ? str_cat(report->out, report->exit_code) : "none";
  }

  std::string made_;
};

TEST_F(RunAgainTest, TheSecondRunFindsWhatTheFirstHasFoundAndShowsNothing) {
  given_replies({again()});
  run_counting(str_cat("echo once; mkdir ", made_, " || exit 1"));
  EXPECT_EQ(text("runs"), "x\nx\n");
  EXPECT_EQ(out_, "once\n");
  EXPECT_EQ(reported(), "once\n0");
  EXPECT_EQ(reported(), "once\n0") << "the directory was cleared";
}

TEST_F(RunAgainTest, AnOrderThatDoesNotVerifyIsNoSecondRun) {
  order_.verifies = false;
  given_replies({again()});
  run_counting("true");
  EXPECT_EQ(text("runs"), "x\n");
}

TEST_F(RunAgainTest, WhatTheFirstHadLeftComesBack) {
  wire::Hit first;
  const std::string out = directory_ / "out";
  first.files = {{.path = out, .size_bytes = 5, .bytes = "first"}};
  const std::string more = directory_ / "more";
  first.cleared = {more};
  given_replies({again(), *wire::encode(first, "9.9.9")});
  run_counting(str_cat("cat ", std::string(directory_ / "runs"), " > ", out, "; : > ", more));
  EXPECT_EQ(text("runs"), "x\nx\n");
  EXPECT_EQ(text("out"), "first");
  EXPECT_EQ(text("more"), "none");
}

TEST_F(RunAgainTest, IfTheDaemonHasLostItAThirdRunWithoutTheDaemonsClockMakesItAgain) {
  given_replies({again(), *wire::encode_text(wire::Type::kError, "9.9.9", "lost")});
  run_counting(str_cat("mkdir ", made_));
  EXPECT_EQ(text("runs"), "x\nx\nx\n");
  EXPECT_TRUE(os::stat_path(made_));
  EXPECT_EQ(reported(), "0");
  EXPECT_EQ(reported(), "0");
  EXPECT_FALSE(daemon_->wait(0)) << "nothing is reported of the third";
}

TEST_F(RunAgainTest, EachRunReadsStandardInputFromTheSamePlace) {
  ASSERT_TRUE(os::replace_file(directory_ / "in", "text", 0600));
  const os::Fd before(::dup(0));
  const os::Fd input(::open(std::string(directory_ / "in").c_str(), O_RDONLY | O_CLOEXEC));
  ::dup2(input.get(), 0);
  ::lseek(0, 1, SEEK_SET);
  given_replies({again()});
  run_counting("cat");
  EXPECT_EQ(::lseek(0, 0, SEEK_CUR), 4) << "as after one run";
  ::dup2(before.get(), 0);
  EXPECT_EQ(reported(), "ext0");
  EXPECT_EQ(reported(), "ext0");
}

}  // namespace
}  // namespace zc::client
