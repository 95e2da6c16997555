// Sessions as a script uses them: begun, filled by compiles, looked at and ended.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "codec/json.h"
#include "fault/lifecycle_fixture.h"
#include "os/file.h"

namespace zc {
namespace {

using codec::Json;
using test::Outcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SessionCommands : public test::Lifecycle {
 protected:
  SessionCommands() {
    EXPECT_TRUE(os::replace_file(source_, "int a;\n", 0600));
    EXPECT_TRUE(os::make_directories(directory_ / "w"));
  }
  ~SessionCommands() override {
    // The daemon of a test that has named another one than the environment does.
    if (!private_lock_.empty()) {
      if (const auto daemon = lifecycle::live_daemon(private_lock_)) {
        (void)daemon->kill();
        daemon->wait_gone(test::kWaitMs);
      }
    }
  }

  Json start(std::vector<std::string> options) {
    options.insert(options.begin(), "session-start");
    const Outcome outcome = run("zccache", options);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1) << "one line";
    return Json::parse(outcome.out).value_or(Json());
  }
  std::string begin(std::vector<std::string> options = {"--stats"}) {
    const std::string id = start(std::move(options)).at("session_id").as_text();
    settings("ZCCACHE_SESSION_ID", id);
    return id;
  }
  int compile(const std::string& source) {
    return run("zccache", {"/usr/bin/gcc", "-c", source, "-o", directory_ / "a.o"}).exit_code;
  }
  int compile() { return compile(source_); }
  Json json_of(const std::vector<std::string>& words) {
    return Json::parse(run("zccache", words).out).value_or(Json());
  }
  std::string text(const std::string& name) {
    return os::read_path(directory_ / name, 1U << 20).value_or("");
  }

  const std::string source_ = directory_ / "a.c";
  std::string private_lock_;
};

TEST_F(SessionCommands, CountTheCommandsOfTheSession) {
  ASSERT_EQ(compile(), 0);  // of none
  const std::string id = begin();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(compile(), 0);
  }
  ASSERT_EQ(run("zccache", {"/usr/bin/gcc", "--version"}).exit_code, 0);
  const Json live = json_of({"session-stats", id, "--json"});
  EXPECT_EQ(live.at("status").as_text(), "ok");
  EXPECT_EQ(live.at("session_id").as_text(), id);
  EXPECT_EQ(live.at("compilations").as_u64(), 4U);
  EXPECT_EQ(live.at("hits").as_u64(), 3U);
  EXPECT_EQ(live.at("misses").as_u64(), 0U);
  EXPECT_EQ(live.at("non_cacheable").as_u64(), 1U);
  EXPECT_EQ(live.at("unique_sources").as_u64(), 1U);
  EXPECT_GT(live.at("bytes_read").as_u64(), 0U);
  EXPECT_EQ(live.at("hit_rate").dump_line(), "1.0");
  EXPECT_TRUE(live.at("phase_profile").is_null());
  EXPECT_EQ(json_of({"status", "--json"}).at("daemon").at("sessions").dump_line(),
            R"({"active":1,"total":1})");
  const Json end = json_of({"session-end", id, "--json"});
  EXPECT_EQ(end.at("hits").as_u64(), 3U);
  EXPECT_EQ(json_of({"status", "--json"}).at("daemon").at("sessions").dump_line(),
            R"({"active":0,"total":1})");
}

TEST_F(SessionCommands, TheEndHasEachCommandThatHasEnded) {
  const std::string id = begin();
  constexpr std::uint64_t kCommands = 40;
  for (std::uint64_t i = 0; i < kCommands; ++i) {
    ASSERT_EQ(compile(), 0);
  }
  EXPECT_EQ(json_of({"session-end", id, "--json"}).at("compilations").as_u64(), kCommands);
}

TEST_F(SessionCommands, ShowFiguresForPeopleOnStandardError) {
  const std::string id = begin();
  ASSERT_EQ(compile(), 0);
  const Outcome live = run("zccache", {"session-stats", id});
  EXPECT_EQ(live.exit_code, 0);
  EXPECT_EQ(live.out, "");
  EXPECT_THAT(live.err, HasSubstr(str_cat("Session ", id, " (active, ")));
  EXPECT_THAT(live.err, HasSubstr("1 (0 hits, 1 misses, 0 non-cacheable, 0 cached errors)"));
  const Outcome end = run("zccache", {"session-end", id});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.out, "");
  EXPECT_THAT(end.err, HasSubstr(str_cat("Session ", id, " complete (")));
}

TEST_F(SessionCommands, WithoutStatsThereAreNoFigures) {
  const std::string id = begin({});
  ASSERT_EQ(compile(), 0);
  const Json live = json_of({"session-stats", id, "--json"});
  EXPECT_EQ(live.at("status").as_text(), "unavailable");
  EXPECT_EQ(live.at("session_id").as_text(), id);
  EXPECT_EQ(live.at("reason").as_text(), "stats_not_enabled");
  EXPECT_EQ(run("zccache", {"session-stats", id}).exit_code, 0);
  EXPECT_EQ(run("zccache", {"session-end", id}).exit_code, 0);
}

TEST_F(SessionCommands, AnIdThatIsNotKnownIsAnErrorOnlyToLookAt) {
  ensure();
  const Outcome stats = run("zccache", {"session-stats", "nobody", "--json"});
  EXPECT_EQ(stats.exit_code, 1);
  const Json json = Json::parse(stats.out).value_or(Json());
  EXPECT_EQ(json.at("status").as_text(), "error");
  EXPECT_EQ(json.at("session_id").as_text(), "nobody");
  EXPECT_EQ(json.at("error").as_text(), "unknown session nobody");
  const Outcome end = run("zccache", {"session-end", "nobody", "--json"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_THAT(end.out, HasSubstr("stats_unavailable"));
}

TEST_F(SessionCommands, WithoutADaemonTheEndSucceeds) {
  const Outcome end = run("zccache", {"session-end", "some-id"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_THAT(end.err, HasSubstr("no session to end"));
  EXPECT_EQ(daemon_pid(), 0) << "nothing is started for that";
  EXPECT_EQ(run("zccache", {"session-stats", "some-id"}).exit_code, 1);
  EXPECT_EQ(run("zccache", {"release-handles", "--path", directory_.path()}).exit_code, 0);
}

TEST_F(SessionCommands, WordsThatMakeNoSenseAreMistakes) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"session-start", "--no-such"},
                                             {"session-start", "--log"},
                                             {"session-start", "--owner-pid", "0"},
                                             {"session-start", "--owner-pid", "me"},
                                             {"session-start", "--private-env", "NOVALUE"},
                                             {"session-stats"},
                                             {"session-end"},
                                             {"session-end", "id", "more"},
                                             {"release-handles"},
                                             {"analyze"},
                                             {"analyze", "j", "--outcome", "hits"},
                                             {"engine-profile"}}) {
    EXPECT_EQ(run("zccache", words).exit_code, 2) << words.back();
  }
  EXPECT_EQ(daemon_pid(), 0);
}

TEST_F(SessionCommands, ACommandOfASessionThatIsNotKnownIsServed) {
  settings("ZCCACHE_SESSION_ID", "7f3f8d1c-0000-4000-8000-000000000000");
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(compile(), 0);
  EXPECT_EQ(json_of({"status", "--json"}).at("daemon").at("hits").at("direct").as_u64(), 1U);
}

TEST_F(SessionCommands, ACommandOfASessionThatHasEndedIsServedAndNoted) {
  ASSERT_EQ(compile(), 0);
  const std::string id = begin();
  ASSERT_EQ(run("zccache", {"session-end", id}).exit_code, 0);
  ASSERT_EQ(compile(), 0);
  EXPECT_TRUE(test::eventually([&] {
    return json_of({"session-end", id, "--json"}).at("commands_after_end").as_u64() == 1;
  }));
  EXPECT_EQ(json_of({"status", "--json"}).at("daemon").at("hits").at("direct").as_u64(), 1U);
}

TEST_F(SessionCommands, AJournalHasTheLinesOfItsSession) {
  settings("SECRET", "hunter2");
  ASSERT_EQ(compile(), 0);
  const std::string path = directory_ / "a \"b\".jsonl";
  const Json begun = start({"--journal", path});
  EXPECT_EQ(begun.at("journal_path").as_text(), path) << "quotes are escaped";
  settings("ZCCACHE_SESSION_ID", begun.at("session_id").as_text());
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(run("zccache", {"session-end", begun.at("session_id").as_text()}).exit_code, 0);
  ASSERT_EQ(compile(), 0);
  const std::string lines = text("a \"b\".jsonl");
  EXPECT_EQ(std::ranges::count(lines, '\n'), 1) << "closed at the end";
  const Json line = Json::parse(lines).value_or(Json());
  EXPECT_EQ(line.at("outcome").as_text(), "hit");
  EXPECT_EQ(line.at("session_id").as_text(), begun.at("session_id").as_text());
  EXPECT_EQ(line.at("exit_code").as_u64(), 0U);
  EXPECT_GT(line.at("latency_ns").as_u64(), 0U);
  EXPECT_TRUE(line.at("crate_name").is_null());
  EXPECT_TRUE(line.at("self_profile_ns").is_null());
  EXPECT_THAT(lines, Not(HasSubstr("hunter2")));
  struct stat st = {};
  ASSERT_EQ(::stat(path.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777U, 0600U);
}

TEST_F(SessionCommands, AJournalIsAPlainFileOfThatEnding) {
  const Outcome name = run("zccache", {"session-start", "--journal", directory_ / "a.json"});
  EXPECT_EQ(name.exit_code, 1);
  EXPECT_THAT(name.err, HasSubstr(".jsonl"));
  const std::string fifo = directory_ / "fifo.jsonl";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const Outcome pipe = run("zccache", {"session-start", "--journal", fifo});
  EXPECT_EQ(pipe.exit_code, 1);
  EXPECT_THAT(pipe.err, HasSubstr("no plain file"));
  EXPECT_EQ(run("zccache", {"session-start", "--log", directory_ / "none/log"}).exit_code, 1);
}

TEST_F(SessionCommands, ALogHasALineForEachCommand) {
  const std::string id = begin({"--log", directory_ / "log"});
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(compile(), 0);
  ASSERT_NE(compile(directory_ / "none.c"), 0);
  ASSERT_EQ(run("zccache", {"session-end", id}).exit_code, 0);
  const std::string log = text("log");
  EXPECT_THAT(log, HasSubstr(str_cat("Z miss ", source_, " -> ", directory_ / "a.o", ", ")));
  EXPECT_THAT(log, HasSubstr(str_cat("Z hit ", source_, " -> ")));
  EXPECT_THAT(log, HasSubstr("Z not cached gcc, "));
  EXPECT_THAT(log, HasSubstr("no_input_file"));
}

TEST_F(SessionCommands, CommandsWithoutASessionHaveALogIfThatIsWanted) {
  settings("ZCCACHE_EPHEMERAL_LOG", directory_ / "e.log");
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(run("zccache", {"status"}).exit_code, 0);
  EXPECT_THAT(text("e.log"), HasSubstr(str_cat("Z miss ", source_, " -> ")));
  EXPECT_THAT(text("e.log"), HasSubstr(str_cat("Z hit ", source_, " -> ")));
  const std::string id = begin({"--log", directory_ / "log"});
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(run("zccache", {"session-end", id}).exit_code, 0);
  EXPECT_EQ(std::ranges::count(text("e.log"), '\n'), 2);
  EXPECT_EQ(std::ranges::count(text("log"), '\n'), 1);
}

TEST_F(SessionCommands, ALogThatIsNoPlainFileCostsNothing) {
  const std::string fifo = directory_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, directory_ / "none/log", directory_.path()}) {
    settings("ZCCACHE_EPHEMERAL_LOG", path);
    EXPECT_EQ(compile(), 0) << path;
    variables_.pop_back();
  }
}

TEST_F(SessionCommands, TheJournalHasTheWordsOfResponseFiles) {
  ASSERT_TRUE(os::replace_file(directory_ / "a.rsp", "-O1 -DX=1", 0600));
  const std::string id = begin({"--journal", directory_ / "r.jsonl"});
  ASSERT_EQ(run("zccache", {"/usr/bin/gcc", "@" + (directory_ / "a.rsp"), "-c", source_, "-o",
                            directory_ / "a.o"})
                .exit_code,
            0);
  ASSERT_EQ(run("zccache", {"session-end", id}).exit_code, 0);
  EXPECT_THAT(text("r.jsonl"), HasSubstr(R"("args":["-O1","-DX=1","-c",)"));
}

TEST_F(SessionCommands, AProfileMeasuresAndIsRead) {
  const std::string id = begin({"--stats", "--profile", "--journal", directory_ / "p.jsonl"});
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(compile(), 0);
  const std::string stats = run("zccache", {"session-end", id, "--json"}).out;
  ASSERT_TRUE(os::replace_file(directory_ / "stats.json", stats, 0600));
  const Json json = Json::parse(stats).value_or(Json());
  EXPECT_EQ(json.at("phase_profile").at("hit_count").as_u64(), 1U);
  EXPECT_EQ(json.at("phase_profile").at("miss_count").as_u64(), 1U);
  EXPECT_GT(json.at("phase_profile").at("artifact_lookup_ns").as_u64(), 0U);
  EXPECT_GT(json.at("phase_profile").at("compiler_exec_ns").as_u64(), 0U);
  EXPECT_THAT(text("p.jsonl"), HasSubstr("\"self_profile_ns\":{\"hash_inputs\":"));
  EXPECT_THAT(text("p.jsonl"), HasSubstr("\"output_ext\":\"o\""));

  const Json profile = json_of({"engine-profile", directory_ / "stats.json", "--json"});
  const Json hits = profile.at("hit_path");
  EXPECT_EQ(hits.at("count").as_u64(), 1U);
  EXPECT_EQ(hits.at("avg_ns").as_u64(), hits.at("total_ns").as_u64());
  EXPECT_FALSE(hits.at("avg_ms").is_null());
  EXPECT_NE(hits.at("dominant_phase").as_text(), "");
  std::uint64_t sum = 0;
  for (const Json& phase : hits.at("phases").elements()) {
    sum += phase.at("total_ns").as_u64();
    EXPECT_FALSE(phase.at("percent_of_total").is_null());
  }
  EXPECT_EQ(sum, hits.at("total_ns").as_u64()) << "no time is lost";
  EXPECT_EQ(profile.at("miss_path").at("dominant_phase").as_text().empty(), false);
  EXPECT_THAT(run("zccache", {"engine-profile", directory_ / "stats.json"}).out,
              HasSubstr("hits: 1, "));
  EXPECT_EQ(run("zccache", {"engine-profile", directory_ / "p.jsonl"}).exit_code, 1);
  EXPECT_EQ(run("zccache", {"engine-profile", directory_ / "none"}).exit_code, 1);
}

TEST_F(SessionCommands, AJournalIsAnalyzedWithoutADaemon) {
  const std::string journal = directory_ / "j.jsonl";
  const Outcome missing = run("zccache", {"analyze", journal});
  EXPECT_EQ(missing.exit_code, 0);
  EXPECT_EQ(missing.out, "(no journal)\n");
  const Json none = json_of({"analyze", journal, "--json"});
  EXPECT_EQ(none.at("status").as_text(), "ok");
  EXPECT_EQ(none.at("line_count").as_u64(), 0U);
  EXPECT_EQ(none.at("note").as_text(), "(no journal)");

  const std::string id = begin({"--stats", "--journal", journal});
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(compile(), 0);
  const Json stats = json_of({"session-end", id, "--json"});
  ASSERT_EQ(run("zccache", {"stop"}).exit_code, 0);
  const Json json = json_of({"analyze", journal, "--json", "--session", id});
  EXPECT_EQ(json.at("hit_count").as_u64(), stats.at("hits").as_u64());
  EXPECT_EQ(json.at("miss_count").as_u64(), stats.at("misses").as_u64());
  EXPECT_EQ(json.at("hit_rate").dump_line(), stats.at("hit_rate").dump_line());
  EXPECT_THAT(run("zccache", {"analyze", journal}).out, HasSubstr("1 hits, 1 misses"));

  ASSERT_TRUE(os::replace_file(journal, "", 0600));
  const Outcome empty = run("zccache", {"analyze", journal, "--json"});
  EXPECT_EQ(empty.exit_code, 1);
  const Json error = Json::parse(empty.out).value_or(Json());
  EXPECT_EQ(error.at("status").as_text(), "error");
  EXPECT_EQ(error.at("error").as_text(), "the file is empty");
  EXPECT_EQ(error.at("journal_path").as_text(), journal);
  EXPECT_THAT(error.at("expected_input").as_text(), HasSubstr("a journal"));
}

TEST_F(SessionCommands, MalformedLinesAreCountedOnStandardError) {
  const std::string journal = directory_ / "j.jsonl";
  ASSERT_TRUE(os::replace_file(
      journal, "{\"outcome\":\"hit\",\"compiler\":\"gcc\",\"args\":[]}\nnonsense\n", 0600));
  const Outcome outcome = run("zccache", {"analyze", journal});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("no entries: 1"));
}

TEST_F(SessionCommands, WarningsAreShownUnlessItShallBeQuiet) {
  ASSERT_EQ(compile(), 0);
  ASSERT_EQ(run("zccache", {"status"}).exit_code, 0);  // now the cache is warm
  const std::string id = begin();
  ASSERT_TRUE(os::replace_file(directory_ / "b.c", "int b;\n", 0600));
  ASSERT_EQ(run("zccache", {"/usr/bin/gcc", "-c", directory_ / "b.c", "-o", directory_ / "b.o"})
                .exit_code,
            0);
  EXPECT_THAT(run("zccache", {"session-stats", id}).err, HasSubstr("WARNING: nothing was known"));
  EXPECT_THAT(run("zccache", {"session-stats", id, "--json"}).out, Not(HasSubstr("WARNING")));
  EXPECT_THAT(run("zccache", {"session-stats", id}).err, Not(HasSubstr("\x1b")))
      << "no colour in a file";
  settings("ZCCACHE_QUIET", "1");
  EXPECT_THAT(run("zccache", {"session-stats", id}).err, Not(HasSubstr("WARNING")));
}

TEST_F(SessionCommands, APrivateDaemonEndsWithItsOwner) {
  const pid_t owner = ::fork();
  if (owner == 0) {
    while (true) {
      ::pause();
    }
  }
  const Json begun = start({"--private-daemon", "--daemon-name", "my/one", "--owner-pid",
                            str_cat(owner), "--private-env", "ZCCACHE_LOG=debug", "--stats"});
  const std::string endpoint = begun.at("endpoint").as_text();
  private_lock_ = endpoint + ".lock";
  EXPECT_EQ(begun.at("daemon_namespace").as_text(), "my_one");
  EXPECT_EQ(daemon_pid(), 0) << "the shared daemon is left alone";
  const auto daemon = lifecycle::live_daemon(private_lock_);
  ASSERT_TRUE(daemon);

  settings("ZCCACHE_DAEMON_NAMESPACE", "my/one");
  const Outcome status = run("zccache", {"status", "--json"});
  EXPECT_THAT(status.out, HasSubstr("\"ZCCACHE_LOG\": \"<redacted>\""));
  EXPECT_THAT(status.out, HasSubstr(str_cat("\"pid\": ", owner)));
  EXPECT_THAT(status.out, HasSubstr("\"private_daemon\": true"));

  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  EXPECT_TRUE(daemon->wait_gone(test::kWaitMs));
  EXPECT_EQ(events("died-private-owner-exit"), 1U);
  EXPECT_THAT(lifecycle_log(), HasSubstr("\"reason\":\"private-owner-pids-exited\""));
  EXPECT_THAT(lifecycle_log(), HasSubstr(str_cat("\"removed_pids\":[", owner, "]")));
}

TEST_F(SessionCommands, APrivateDaemonEndsWithTheLastSessionThatNamesAnOwner) {
  const std::string own = str_cat(::getpid());
  const Json one = start({"--daemon-name", "p", "--owner-pid", own});
  private_lock_ = one.at("endpoint").as_text() + ".lock";
  const Json other = start({"--daemon-name", "p", "--owner-pid", own});
  const auto daemon = lifecycle::live_daemon(private_lock_);
  ASSERT_TRUE(daemon);
  const std::string endpoint = one.at("endpoint").as_text();
  const auto end = [&](const Json& session) {
    return run("zccache",
               {"session-end", session.at("session_id").as_text(), "--endpoint", endpoint})
        .exit_code;
  };
  EXPECT_EQ(end(one), 0);
  EXPECT_FALSE(daemon->wait_gone(0));
  EXPECT_EQ(end(other), 0);
  EXPECT_TRUE(daemon->wait_gone(test::kWaitMs));
}

TEST_F(SessionCommands, NoSessionMakesTheSharedDaemonPrivate) {
  ensure();
  const Outcome outcome = run("zccache", {"session-start", "--private-daemon", "--endpoint",
                                          at_.endpoint, "--owner-pid", str_cat(::getpid())});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("is not a private one"));
  EXPECT_EQ(json_of({"status", "--json"}).at("daemon").at("private_daemon").as_flag(), false);
}

TEST_F(SessionCommands, PrivateVariablesAreForTheDaemonAlone) {
  const Outcome outcome = run("zccache", {"session-start", "--daemon-name", "q", "--private-env",
                                          "FOO=secret", "--owner-pid", str_cat(::getpid())});
  EXPECT_EQ(outcome.exit_code, 0);
  const std::string endpoint = Json::parse(outcome.out).value_or(Json()).at("endpoint").as_text();
  private_lock_ = endpoint + ".lock";
  EXPECT_THAT(outcome.err, HasSubstr("--private-env FOO has no effect"));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("secret")));
  const Outcome late =
      run("zccache", {"session-start", "--daemon-name", "q", "--private-env", "ZCCACHE_LOG=debug"});
  EXPECT_THAT(late.err, HasSubstr("the private daemon ran before"));
}

TEST_F(SessionCommands, ReleaseEndsTheSessionsBelowAPath) {
  const std::string id = begin({"--stats", "--cwd", directory_ / "w"});
  const Json released = json_of({"release-handles", "--path", directory_ / "w", "--json"});
  EXPECT_EQ(released.at("inspected").as_u64(), 1U);
  EXPECT_EQ(released.at("sessions_dropped").as_u64(), 1U);
  EXPECT_EQ(json_of({"session-stats", id, "--json"}).at("state").as_text(), "ended");
  EXPECT_EQ(run("zccache", {"release-handles", "--path", directory_.path()}).exit_code, 1)
      << "the cache is below it";
}

}  // namespace
}  // namespace zc
