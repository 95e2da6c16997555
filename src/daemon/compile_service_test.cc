// One compile from request to last reply.
#include "daemon/compile_service_fixture.h"

namespace zc::daemon::service_test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(CompileServiceTest, AHitIsSent) {
  cache_->given_result("a.c", "text");
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "hit text");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("hits/direct"), 1U);
  EXPECT_EQ(figure("misses"), 0U);
}

TEST_F(CompileServiceTest, WhatCameOfACommandIsHistory) {
  cache_->given_result("a.c", "text");
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  EXPECT_EQ(client_for("b.c").answer(), "run");
  cache_->bypass = Bypass{.reason = Reason::kStandardInput, .detail = "-"};
  EXPECT_EQ(client_for("-").answer(), "bypass standard_input -");
  const auto has_all = [&] { return history_.records().size() == 2; };
  ASSERT_TRUE(os::wait_until(has_all, os::Deadline(kWaitMs), 1)) << "one client has gone";
  const std::vector<history::CommandRecord> records = history_.records();
  EXPECT_EQ(records[0].outcome, history::Outcome::kHit);
  EXPECT_EQ(records[0].source, "a.c");
  EXPECT_EQ(records[0].exit_code, 0);
  EXPECT_NE(records[0].latency_ns, 0U);
  EXPECT_EQ(records[0].needed_room_bytes, std::string_view("text").size());
  EXPECT_TRUE(records[1].was_left_alone());
  EXPECT_EQ(records[1].reason, "standard_input");
  EXPECT_EQ(records[1].detail, "-");
}

TEST_F(CompileServiceTest, AMissFailsTheCommandIfItsUserWantsThat) {
  cache_->given_result("a.c", "text");
  cache_->must_hit = true;
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  Client client = client_for("b.c");
  EXPECT_EQ(
      client.answer(),
      "failure 1 zccache: terminate_on_miss: there is no stored result for b.c: first time\n");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("misses"), 1U);
  cache_->bypass = Bypass{.reason = Reason::kNoInputFile, .detail = {}};
  EXPECT_EQ(client_for("b.c").answer(), "bypass no_input_file ") << "it is no miss";
}

TEST_F(CompileServiceTest, AMissIsNotStoredIfItsUserWantsThat) {
  cache_->given_result("a.c", "text");
  cache_->only_reads = true;
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  EXPECT_EQ(client_for("b.c").answer(), "bypass read_only b.c");
  EXPECT_EQ(figure("not_cached/read_only"), 1U);
}

TEST_F(CompileServiceTest, AQuickMissIsNotStoredIfItsUserWantsThat) {
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_MIN_COMPILE_TIME=50ms"};
  const auto run_for = [&](std::uint64_t duration_ns) {
    Client client = with(request);
    EXPECT_EQ(client.answer(), "run");
    client.report(0, "text", duration_ns);
    EXPECT_EQ(client.answer(), "stored");
    EXPECT_EQ(client.answer(), "gone");
  };
  run_for(49'999'999);
  EXPECT_EQ(figure("not_cached/quick_compile"), 1U);
  EXPECT_EQ(figure("store/results"), 0U);
  run_for(50'000'000);
  EXPECT_EQ(figure("not_cached/quick_compile"), 1U);
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(with(request).answer(), "hit text") << "whatever it took, a hit is a hit";
}

TEST_F(CompileServiceTest, FilesOfSettingsConcernARequest) {
  fs_.write("/f", "disable = true");
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_CONFIG=/f"};
  EXPECT_EQ(with(request).answer(), "bypass disabled ");
}

TEST_F(CompileServiceTest, AnotherSizeCountsAtOnce) {
  service_.apply_settings();
  EXPECT_EQ(cache_->size_bytes_max, settings_.current().size_bytes_max);
}

TEST_F(CompileServiceTest, TheStampsOfAHitAreAwaited) {
  cache_->given_result("a.c", "text");
  const std::int64_t before_ns = os::wall_ns();
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "hit text");
  client.wait_until_served();
  const std::vector<std::int64_t> awaited_ns = cache_->awaited_ns();
  ASSERT_EQ(awaited_ns.size(), 1U);
  EXPECT_GE(awaited_ns.front(), before_ns);
  EXPECT_LE(awaited_ns.front(), os::wall_ns());
}

TEST_F(CompileServiceTest, AHitIsVerifiedWhereTheRequestWantsIt) {
  cache_->given_result("a.c", "text");
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_VERIFY=1/2"};
  EXPECT_EQ(with(request).answer(), "hit text");
  Client client = with(request);
  EXPECT_EQ(client.answer(), "run");
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("hits/direct"), 2U);
  EXPECT_EQ(figure("verification/verified"), 1U);
}

TEST_F(CompileServiceTest, AShareThatMakesNoSenseIsAWarningAndNoHitIsVerified) {
  cache_->given_result("a.c", "text");
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_VERIFY=always"};
  EXPECT_EQ(with(request).answer(), "hit text");
  EXPECT_EQ(with(request).answer(), "hit text");
  const codec::Json warnings = codec::Json::parse(service_.statistics_json())->at("warnings");
  ASSERT_EQ(warnings.elements().size(), 1U);
  EXPECT_THAT(warnings.elements()[0].as_text(), HasSubstr("ZCCACHE_VERIFY=always"));
}

TEST_F(CompileServiceTest, AHitWithMoreDescriptorsThanAFrameTakesIsNone) {
  cache_->given_result("a.c", "text");
  cache_->hit_fds = limits::kFrameFdsMax + 1;
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(CompileServiceTest, ABypassNamesItsReason) {
  cache_->bypass = {.reason = Reason::kUnsupportedCompilerOption, .detail = "-fodd"};
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "bypass unsupported_compiler_option -fodd");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("not_cached/unsupported_compiler_option"), 1U);
  EXPECT_EQ(figure("flags/-fodd"), 1U);
}

TEST_F(CompileServiceTest, AWrongOptionIsAnErrorForTheUser) {
  cache_->bypass = {.reason = Reason::kBadCommandOptions, .detail = "--odd"};
  EXPECT_EQ(client_for("a.c").answer(), "error --odd");
}

TEST_F(CompileServiceTest, AMissIsRunAndStored) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
}

TEST_F(CompileServiceTest, ARunWithoutAResultIsAcknowledgedAndCounted) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.report(1);
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(figure("misses"), 0U);
  EXPECT_EQ(figure("not_cached/compile_failed"), 1U);
}

TEST_F(CompileServiceTest, ARequestThatCannotBeDecodedIsAnError) {
  Client client(service_, "no fields");
  EXPECT_THAT(client.answer(), StartsWith("error "));
  EXPECT_EQ(figure("not_cached/internal_error"), 1U);
}

TEST_F(CompileServiceTest, AReportThatCannotBeDecodedStoresNothingAndEndsTheRun) {
  for (const wire::Type type : {wire::Type::kRunReport, wire::Type::kStatus}) {
    wire::FieldWriter frame(type);
    std::string bytes = *frame.finish();
    if (type == wire::Type::kRunReport) {
      bytes = std::string(bytes.substr(0, 8)) + std::string("\1\0\0\0x", 5);
    }
    Client client = client_for("a.c");
    EXPECT_EQ(client.answer(), "run");
    client.send(bytes);
    EXPECT_EQ(client.answer(), "gone");
  }
  EXPECT_EQ(figure("not_cached/internal_error"), 2U);
  EXPECT_EQ(figure("store/results"), 0U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(CompileServiceTest, UnderACallersLimitAHitIsSentButNothingIsRun) {
  cache_->given_result("a.c", "text");
  wire::CompileRequest known = request_for("a.c");
  known.tight_limit = "RLIMIT_STACK";
  known.env = {"ZCCACHE_VERIFY=1/1"};
  EXPECT_EQ(with(known).answer(), "hit text");
  wire::CompileRequest unknown = request_for("b.c");
  unknown.tight_limit = "RLIMIT_STACK";
  EXPECT_EQ(with(unknown).answer(), "bypass caller_limits RLIMIT_STACK");
  known.limits_files = true;
  EXPECT_EQ(with(known).answer(), "bypass caller_limits RLIMIT_STACK");
}

TEST_F(CompileServiceTest, AClientHearsOfUsWhileItsCompilerIsIdentified) {
  cache_->claims.close();
  Client client = client_for("a.c");
  const bool heard = client.hears_a_sign_of_life() && client.hears_a_sign_of_life();
  cache_->claims.open();
  EXPECT_TRUE(heard);
  EXPECT_EQ(client.answer(), "run");
}

TEST_F(CompileServiceTest, AClientHearsOfUsWhileItsResultIsStored) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  cache_->stores.close();
  client.report(0, "text");
  const bool heard = client.hears_a_sign_of_life() && client.hears_a_sign_of_life();
  cache_->stores.open();
  EXPECT_TRUE(heard);
  EXPECT_EQ(client.answer(), "stored");
}

TEST_F(CompileServiceTest, AClientMayGoOnAsSoonAsItsOutputsAreTaken) {
  cache_->takes_early = true;
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  cache_->stores.close();
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  cache_->stores.open();
  EXPECT_EQ(figure("misses"), 1U) << "figures wait for what is being stored";
  EXPECT_EQ(client.answer(), "gone") << "one acknowledgement is enough";
}

TEST_F(CompileServiceTest, ACommandTakesAsLongAsItsClientWaits) {
  cache_->takes_early = true;
  const std::int64_t begin_ns = os::monotonic_ns();
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  const std::int64_t began_ns = os::monotonic_ns();
  cache_->stores.close();
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  const std::int64_t end_ns = os::monotonic_ns();
  // The daemon began in between. If it goes on for longer than that, what it does now shows.
  while (os::monotonic_ns() - end_ns <= began_ns - begin_ns) {
  }
  cache_->stores.open();
  client.wait_until_served();
  const std::vector<history::CommandRecord> records = history_.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_GT(records[0].latency_ns, 0U);
  EXPECT_LE(records[0].latency_ns, static_cast<std::uint64_t>(end_ns - begin_ns));
}

TEST_F(CompileServiceTest, ListsWhatClientsRunNow) {
  const auto running = [&] {
    return codec::Json::parse(service_.statistics_json())->at("running").elements();
  };
  EXPECT_TRUE(running().empty());
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  Client other = client_for("b.c");
  EXPECT_EQ(other.answer(), "run");
  Client waits = client_for("b.c");
  clock_.wait_for_waiting(1);
  const std::vector<codec::Json> both = running();
  ASSERT_EQ(both.size(), 2U) << "one that waits for another's run runs nothing";
  EXPECT_EQ(both[0].at("subject").as_text(), "/a.c");
  EXPECT_EQ(both[1].at("subject").as_text(), "/b.c");
  EXPECT_EQ(both[0].at("compiler").as_text(), "/usr/bin/gcc");
  EXPECT_EQ(both[0].at("cwd").as_text(), "/");
  EXPECT_GT(both[0].at("start_ns").as_u64(), 0U);
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  ASSERT_EQ(running().size(), 1U);
  other.report(0, "text");
  EXPECT_EQ(waits.answer(), "hit text");
  EXPECT_TRUE(running().empty());
}

TEST_F(CompileServiceTest, TheSameRequestWaitsForTheFirstAndGetsItsResult) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("a.c");
  clock_.wait_for_waiting(1);
  EXPECT_TRUE(second.hears_a_sign_of_life());
  EXPECT_TRUE(second.hears_a_sign_of_life());
  first.report(0, "text");
  EXPECT_EQ(first.answer(), "stored");
  EXPECT_EQ(second.answer(), "hit text");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(figure("hits/direct"), 1U);
  EXPECT_EQ(figure("coalesced"), 1U);
}

TEST_F(CompileServiceTest, AnotherRequestWaitsForNobody) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("b.c");
  EXPECT_EQ(second.answer(), "run");
}

TEST_F(CompileServiceTest, WhenTheRunFailsOneThatWaitedTakesOver) {
  expect_one_takes_over([](Client& leader) {
    leader.report(1);
    EXPECT_EQ(leader.answer(), "stored");
  });
  EXPECT_EQ(figure("not_cached/compile_failed"), 1U);
}

TEST_F(CompileServiceTest, WhenTheClientThatRunsGoesAwayOneThatWaitedTakesOver) {
  expect_one_takes_over([](Client& leader) { leader.leave(); });
  EXPECT_EQ(figure("clients_lost"), 1U);
}

TEST_F(CompileServiceTest, AClientThatGoesAwayBeforeItsReportLeavesNothingBehind) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.leave();
  client.wait_until_served();
  EXPECT_EQ(figure("clients_lost"), 1U);
  EXPECT_EQ(figure("misses"), 0U);
  EXPECT_EQ(figure("store/results"), 0U);
  EXPECT_THAT(lifecycle_log(), HasSubstr("\"event\":\"client_cancelled\""));
  EXPECT_THAT(lifecycle_log(), HasSubstr("\"kind\":\"compile\""));
  EXPECT_EQ(client_for("a.c").answer(), "run") << "nobody compiles it any more";
}

TEST_F(CompileServiceTest, AClientThatGoesAwayWhileItWaitsIsLetGo) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("a.c");
  clock_.wait_for_waiting(1);
  second.leave();
  second.wait_until_served();
  EXPECT_EQ(figure("clients_lost"), 1U);
  first.report(0, "text");
  EXPECT_EQ(first.answer(), "stored");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(figure("coalesced"), 0U);
}

TEST_F(CompileServiceTest, NobodyWaitsLongerForAnotherThanItsPatience) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("a.c");
  clock_.wait_for_waiting(1);
  clock_.advance(limits::kCoalesceMs - 1);
  clock_.wait_until_seen();
  EXPECT_TRUE(second.hears_a_sign_of_life());
  clock_.advance(1);
  EXPECT_EQ(second.answer(), "run");
  for (Client* client : {&first, &second}) {
    client->report(0, "text");
    EXPECT_EQ(client->answer(), "stored");
  }
  EXPECT_EQ(figure("misses"), 2U);
}

TEST_F(CompileServiceTest, AnObservedRunGetsAChannelThatIsReadAfterwards) {
  cache_->is_observed = true;
  Client whole = client_for("a.rs");
  EXPECT_EQ(whole.answer(), "run");
  EXPECT_TRUE(whole.fd().valid());
  whole.report(0);
  EXPECT_EQ(whole.answer(), "stored");
  EXPECT_EQ(cache_->observation(), "whole");

  Client damaged = client_for("b.rs");
  EXPECT_EQ(damaged.answer(), "run");
  EXPECT_EQ(::pwrite(damaged.fd().get(), "x", 1, 0), 1);
  damaged.report(0);
  EXPECT_EQ(damaged.answer(), "stored");
  EXPECT_EQ(cache_->observation(), "the observation is damaged");
}

TEST_F(CompileServiceTest, ABusyDaemonTurnsAClientAwayWhetherItReadsOrNot) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  wire::Connection daemon{os::Fd(ends[0])};
  wire::Connection client{os::Fd(ends[1])};
  service_.turn_away(daemon);
  const Result<wire::Frame> frame = client.receive(kWaitMs);
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->type, wire::Type::kBypass);
  EXPECT_EQ(wire::decode_bypass(frame->payload)->reason, "daemon_busy");
  // Returns at once, although nothing more goes in.
  const std::string filler(4096, 'f');
  while (::send(daemon.fd(), filler.data(), filler.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }
  service_.turn_away(daemon);
  EXPECT_EQ(figure("not_cached/daemon_busy"), 2U);
}

TEST_F(CompileServiceTest, ZeroForgetsFiguresAndNoResults) {
  cache_->given_result("a.c", "text");
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  EXPECT_EQ(figure("hits/direct"), 1U);
  EXPECT_EQ(figure("since_start/hits"), 1U);
  service_.zero(false);
  EXPECT_EQ(figure("hits/direct"), 0U);
  EXPECT_EQ(statistics_.lasting().total, history::Tally());
  EXPECT_EQ(statistics_.lasting().days.size(), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  service_.zero(true);
  EXPECT_TRUE(statistics_.lasting().days.empty());
}

TEST_F(CompileServiceTest, ClearForgetsResultsAndFigures) {
  cache_->given_result("a.c", "text");
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  EXPECT_EQ(service_.clear().value_or(""), "{\"results_removed\":1,\"bytes_freed\":0}");
  EXPECT_EQ(figure("hits/direct"), 0U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(CompileServiceTest, ABypassedCommandCountsWhenItsProcessEnds) {
  const pid_t process = ::fork();
  while (process == 0) {
    ::pause();
  }
  cache_->bypass = {.reason = Reason::kUnsupportedCompilerOption, .detail = "-fodd"};
  const std::string id = sessions_.start({.cwd = "/w", .has_stats = true});
  const std::string session = str_cat("ZCCACHE_SESSION_ID=", id);
  wire::CompileRequest request = request_for("a.c");
  request.env = {ByteView(session)};
  Client client(service_, payload_of(request), process);
  EXPECT_EQ(client.answer(), "bypass unsupported_compiler_option -fodd");
  client.wait_until_served();
  EXPECT_EQ(figure("since_start/compilations"), 0U);
  const std::string status = service_.statistics_json();
  EXPECT_THAT(status, HasSubstr("\"reason\":\"unsupported_compiler_option\""));
  EXPECT_THAT(status, HasSubstr(str_cat("\"client_pid\":", process)));

  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
  EXPECT_EQ(figure("since_start/not_cached/unsupported_compiler_option/count"), 1U);
  EXPECT_EQ(figure("since_start/not_cached/unsupported_compiler_option/timed"), 1U);
  EXPECT_GT(figure("since_start/compiler_ns"), 0U);
  EXPECT_THAT(service_.statistics_json(), HasSubstr("\"running\":[]"));
}

TEST_F(CompileServiceTest, ABypassedCommandThatRunsAtTheEndOfTheDaemonCounts) {
  cache_->bypass = {.reason = Reason::kUnsupportedCompilerOption, .detail = "-fodd"};
  Client client(service_, payload_of(request_for("a.c")), ::getpid());
  EXPECT_EQ(client.answer(), "bypass unsupported_compiler_option -fodd");
  client.wait_until_served();
  EXPECT_TRUE(history_.records().empty());
  service_.drain();
  ASSERT_EQ(history_.records().size(), 1U);
  EXPECT_EQ(history_.records()[0].compiler_ns, 0U);
}

TEST_F(CompileServiceTest, WithoutACacheEveryCompileIsABypass) {
  const auto env = [](const char* name) {
    return std::string_view(name) == "ZCCACHE_MAX_SIZE" ? "an odd \"value\"" : nullptr;
  };
  Settings settings(files_, {.env = env}, log_);
  CompileService service(locations_, settings, log_, history(), std::string(kVersion),
                         fail(Code::kIo, "disk on fire"));
  Client client(service, payload_of(request_for("a.c")));
  EXPECT_EQ(client.answer(), "bypass store_unavailable the store cannot be opened: disk on fire");
  const codec::Json warnings = codec::Json::parse(service.standing_json())->at("warnings");
  ASSERT_EQ(warnings.elements().size(), 2U);
  EXPECT_THAT(warnings.elements()[0].as_text(), HasSubstr("=an odd \"value\""));
  EXPECT_EQ(warnings.elements()[1].as_text(), "the store cannot be opened: disk on fire");
  EXPECT_FALSE(service.clear());
}

// --- second runs

class SecondRunTest : public CompileServiceTest {
 protected:
  SecondRunTest() { cache_->doubts = true; }

  // Until the second run is ordered.
  void run_once(Client& client) const {
    EXPECT_EQ(client.answer(), "run");
    client.report(0, "text");
    EXPECT_EQ(client.answer(), "run");
  }
};

TEST_F(SecondRunTest, WhatBothRunsLeaveIsStored) {
  Client client = client_for("a.c");
  run_once(client);
  EXPECT_EQ(figure("store/results"), 0U);
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
}

TEST_F(SecondRunTest, TheUserGetsWhatTheFirstHasLeftIfTheyDiffer) {
  for (const int exit_code : {0, 1}) {
    Client client = client_for("a.c");
    run_once(client);
    client.report(exit_code, "another text");
    EXPECT_EQ(client.answer(), "hit text");
    EXPECT_EQ(client.answer(), "gone");
  }
  EXPECT_EQ(figure("misses"), 0U);
  EXPECT_EQ(figure("not_cached/unrepeatable_input"), 1U);
  EXPECT_EQ(figure("not_cached/compile_failed"), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(SecondRunTest, OfAClientThatLeavesNothingIsStored) {
  Client client = client_for("a.c");
  run_once(client);
  client.leave();
  client.wait_until_served();
  EXPECT_EQ(figure("store/results"), 0U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(SecondRunTest, AReportThatCannotBeDecodedBringsTheFirstBack) {
  Client client = client_for("a.c");
  run_once(client);
  client.send(*wire::encode_plain(wire::Type::kStatus, kVersion));
  EXPECT_EQ(client.answer(), "hit text");
  EXPECT_EQ(figure("store/results"), 0U);
}

TEST_F(SecondRunTest, ThereIsNoneForAClientThatHasGoneOn) {
  cache_->takes_early = true;
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("store/results"), 0U);
}

}  // namespace
}  // namespace zc::daemon::service_test
