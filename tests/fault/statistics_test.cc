// Statistics that last, with our real programs: what survives the daemon, however it ends, and
// whether the figures are those of the commands that ran.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json.h"
#include "fault/lifecycle_fixture.h"
#include "os/file.h"

namespace zc::test {
namespace {

using ::testing::HasSubstr;

class LastingStatistics : public Lifecycle {
 protected:
  void write(const std::string& name, const std::string& text) {
    EXPECT_TRUE(os::replace_file(directory_ / name, text, 0600));
  }
  int compile(const std::string& name, const std::string& text) {
    write(name, text);
    return compile_with("-c", name);
  }
  int compile_with(const char* option, const std::string& name) {
    const std::string source = directory_ / name;
    return run("zccache", {"/usr/bin/gcc", option, source, "-o", source + ".o"}).exit_code;
  }
  codec::Json status() {
    return codec::Json::parse(run("zccache", {"status", "--json"}).out).value_or(codec::Json());
  }
  codec::Json total() { return status().at("total"); }
  // A number of the total.
  std::uint64_t total(std::string_view name) { return total().at(name).as_u64(); }

  void kill_daemon() {
    const auto daemon = lifecycle::live_daemon(at_.lock);
    ASSERT_TRUE(daemon);
    ASSERT_TRUE(daemon->signal(SIGKILL));
    ASSERT_TRUE(daemon->wait_gone(kWaitMs));
  }
};

TEST_F(LastingStatistics, SurviveAKill) {
  ensure();
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  EXPECT_EQ(total("hits"), 1U);
  kill_daemon();
  EXPECT_EQ(total("hits"), 1U) << "the file is there without a daemon";
  EXPECT_EQ(status().at("status").as_text(), "error");
  ensure();
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  EXPECT_EQ(total("hits"), 2U);
  EXPECT_EQ(total("misses"), 1U);
  EXPECT_EQ(status().at("daemon").at("hits").at("direct").as_u64(), 1U) << "since its start";
  EXPECT_EQ(status().at("days").members().size(), 1U);
}

TEST_F(LastingStatistics, AreOnDiskAfterSomeSecondsWhetherOrNotTheyAreAskedFor) {
  ensure();
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  EXPECT_TRUE(eventually([&] { return exists(at_.statistics()); }));
  kill_daemon();
  EXPECT_EQ(total("misses"), 1U);
}

TEST_F(LastingStatistics, AreOnDiskWhenTheDaemonHasStopped) {
  ensure();
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  ASSERT_EQ(run("zccache", {"stop"}).exit_code, 0);
  EXPECT_EQ(total("misses"), 1U);
}

TEST_F(LastingStatistics, ADamagedFileCostsTheFiguresAndNothingElse) {
  ensure();
  ASSERT_EQ(run("zccache", {"stop"}).exit_code, 0);
  ASSERT_TRUE(os::replace_file(at_.statistics(), "{\"schema_version\":1,\"total\":", 0600));
  EXPECT_EQ(total("compilations"), 0U);
  ensure();
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  EXPECT_EQ(total("compilations"), 1U);
  EXPECT_TRUE(exists(at_.statistics() + ".damaged"));
}

TEST_F(LastingStatistics, AFileThatCannotBeWrittenIsAWarning) {
  ensure();
  std::filesystem::create_directory(at_.statistics());
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  EXPECT_THAT(run("zccache", {"status"}).out, HasSubstr("statistics cannot be written"));
  std::filesystem::remove(at_.statistics());
  EXPECT_EQ(total("misses"), 1U);
}

TEST_F(LastingStatistics, AreTheCommandsThatRan) {
  ensure();
  constexpr int kSources = 4;
  for (int i = 0; i < kSources; ++i) {
    write(str_cat("s", i, ".c"), str_cat("int a", i, ";\n"));
  }
  write("wrong.c", "int a\n");
  // A source that may change within its timestamp is not kept.
  os::sleep_ms(static_cast<int>(2 * limits::kTimestampGranuleNs / 1'000'000));
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < kSources; ++i) {
      ASSERT_EQ(compile_with("-c", str_cat("s", i, ".c")), 0);
    }
    ASSERT_NE(compile_with("-c", "wrong.c"), 0);
    ASSERT_EQ(compile_with("-E", "s0.c"), 0);
    ASSERT_EQ(compile_with("-###", "s0.c"), 0);
  }
  const codec::Json figures = total();
  SCOPED_TRACE(figures.dump());
  EXPECT_EQ(figures.at("compilations").as_u64(), 3 * (kSources + 3U));
  EXPECT_EQ(figures.at("misses").as_u64(), kSources + 1U);
  EXPECT_EQ(figures.at("hits").as_u64(), 2 * (kSources + 1U));
  EXPECT_EQ(figures.at("errors").as_u64(), 1U);
  EXPECT_EQ(figures.at("cached_errors").as_u64(), 2U);
  EXPECT_EQ(figures.at("unique_sources").as_u64(), kSources + 1U);
  EXPECT_EQ(figures.at("not_cached").at("called_for_information").at("count").as_u64(), 3U);
}

// Commands that are left alone: our client becomes the compiler.
class LeftAlone : public LastingStatistics {
 protected:
  LeftAlone() {
    EXPECT_EQ(::mkfifo((directory_ / "gate").c_str(), 0600), 0);
    write("gcc", str_cat("#!/bin/sh\ncase \"$*\" in *held*) read line <", directory_ / "gate",
                         ";; esac\nexec /usr/bin/gcc \"$@\"\n"));
    EXPECT_EQ(::chmod((directory_ / "gcc").c_str(), 0700), 0);
  }
  ~LeftAlone() override {
    if (held_ > 0) {
      ::kill(held_, SIGKILL);
      ::waitpid(held_, nullptr, 0);
    }
  }

  // Returns when the compiler runs, which then waits for `release`.
  void hold() {
    held_ = begin(ZCCACHE_BIN_DIR, "zccache", {directory_ / "gcc", "-print-file-name=held"},
                  "/dev/null", "/dev/null");
    // Opens once the compiler does.
    gate_ = os::Fd(::open((directory_ / "gate").c_str(), O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(gate_);
  }
  int release() {
    gate_.reset();
    int status = 0;
    ::waitpid(std::exchange(held_, 0), &status, 0);
    return WEXITSTATUS(status);
  }
  codec::Json reason() { return total().at("not_cached").at("called_for_information"); }

  pid_t held_ = 0;
  os::Fd gate_;
};

TEST_F(LeftAlone, OneRunsUntilItsEndAndHasItsTime) {
  ensure();
  hold();
  const codec::Json daemon = status().at("daemon");
  SCOPED_TRACE(daemon.dump());
  ASSERT_EQ(daemon.at("running").elements().size(), 1U);
  const codec::Json running = daemon.at("running").elements()[0];
  EXPECT_EQ(running.at("reason").as_text(), "called_for_information");
  EXPECT_EQ(running.at("client_pid").as_u64(), static_cast<std::uint64_t>(held_));
  EXPECT_EQ(daemon.at("since_start").at("compilations").as_u64(), 0U);

  EXPECT_EQ(release(), 0);
  EXPECT_EQ(reason().at("count").as_u64(), 1U);
  EXPECT_EQ(reason().at("timed").as_u64(), 1U);
  EXPECT_GT(reason().at("compiler_ns").as_u64(), 0U);
  EXPECT_TRUE(status().at("daemon").at("running").elements().empty());
  EXPECT_THAT(run("zccache", {"status"}).out, HasSubstr("of compiler time; the last: "));
  EXPECT_THAT(run("zccache", {"explain", "--last", "1"}).out, HasSubstr("took "));
}

TEST_F(LeftAlone, EachIsCountedOnceItHasEnded) {
  ensure();
  for (std::uint64_t i = 1; i <= 50; ++i) {
    ASSERT_EQ(run("zccache", {"/usr/bin/gcc", "--version"}).exit_code, 0);
    ASSERT_EQ(reason().at("count").as_u64(), i);
    ASSERT_EQ(reason().at("timed").as_u64(), i);
  }
}

TEST_F(LeftAlone, TheEndOfTheDaemonLosesNone) {
  ensure();
  hold();
  ASSERT_EQ(run("zccache", {"stop"}).exit_code, 0);
  EXPECT_EQ(reason().at("count").as_u64(), 1U);
  EXPECT_EQ(reason().at("timed").as_u64(), 0U);
  EXPECT_EQ(release(), 0);
  EXPECT_EQ(reason().at("count").as_u64(), 1U);

  ensure();
  hold();
  ASSERT_EQ(::kill(daemon_pid(), SIGTERM), 0);
  ASSERT_TRUE(eventually([&] { return lock_is_free(); }));
  EXPECT_EQ(reason().at("count").as_u64(), 2U);
  EXPECT_EQ(release(), 0);
}

TEST_F(LeftAlone, TheEndOfASessionDoesNotWaitAndCountsIt) {
  ensure();
  const auto session =
      codec::Json::parse(cli({"session-start", "--stats"}).out).value_or(codec::Json());
  const std::string id = session.at("session_id").as_text();
  ASSERT_FALSE(id.empty());
  settings("ZCCACHE_SESSION_ID", id);
  hold();
  const auto end =
      codec::Json::parse(cli({"session-end", id, "--json"}).out).value_or(codec::Json());
  SCOPED_TRACE(end.dump());
  EXPECT_EQ(end.at("non_cacheable").as_u64(), 1U);
  EXPECT_EQ(release(), 0);
  EXPECT_EQ(reason().at("count").as_u64(), 1U);
  EXPECT_EQ(reason().at("timed").as_u64(), 0U);
}

TEST_F(LastingStatistics, AreZeroAfterZero) {
  ensure();
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  ASSERT_EQ(run("zccache", {"zero"}).exit_code, 0);
  EXPECT_EQ(total("compilations"), 0U);
  EXPECT_EQ(status().at("days").members().size(), 1U);
  ASSERT_EQ(compile("a.c", "int a;\n"), 0);
  EXPECT_EQ(total("hits"), 1U);
  ASSERT_EQ(run("zccache", {"stop"}).exit_code, 0);
  ASSERT_EQ(run("zccache", {"zero", "--all"}).exit_code, 0);
  EXPECT_EQ(total("compilations"), 0U);
  EXPECT_TRUE(status().at("days").members().empty());
}

}  // namespace
}  // namespace zc::test
