#include "history/sessions.h"

#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history/session_log.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::history {
namespace {

using ::testing::HasSubstr;

class SessionsTest : public ::testing::Test {
 protected:
  std::string start(SessionOptions options = {.cwd = "/w", .has_stats = true}) {
    return sessions_.start(std::move(options));
  }
  void take(const std::string& id, CommandRecord record = {.outcome = Outcome::kHit}) {
    record.session_id = id;
    sessions_.complete(record);
    sessions_.take(record, "line\n");
  }
  std::shared_ptr<const os::Fd> file(const std::string& name) {
    return std::make_shared<const os::Fd>(
        os::open_file(directory_ / name, os::Open::kAppend).value_or(os::Fd()));
  }
  std::string text(const std::string& name) {
    return os::read_path(directory_ / name, 1U << 20).value_or("");
  }
  std::uint64_t figure(const std::string& id, const std::string& name) {
    const auto stats = sessions_.stats(id);
    return stats ? stats->at(name).as_u64() : 0;
  }
  std::string word(const std::string& id, const std::string& name) {
    const auto stats = sessions_.stats(id);
    return stats ? stats->at(name).as_text() : "not known";
  }

  test::TemporaryDirectory directory_;
  std::int64_t now_ms_ = 1'000;
  Sessions sessions_{[this] { return now_ms_; },
                     {.idle_ms = 300'000, .active_max = 3, .known_max = 5}};
};

TEST_F(SessionsTest, AnIdIsARandomUuid) {
  const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string id = random_uuid();
    EXPECT_TRUE(std::regex_match(id, uuid)) << id;
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST_F(SessionsTest, CountsItsCommandsByOutcome) {
  const std::string id = start();
  take(id, {.outcome = Outcome::kHit, .source = "a.c", .exit_code = 0, .output_bytes = 10});
  take(id, {.outcome = Outcome::kLinkHit, .exit_code = 0, .output_bytes = 5});
  take(id, {.outcome = Outcome::kMiss,
            .source = "b.c",
            .exit_code = 0,
            .result = "0123",
            .output_bytes = 7,
            .why = Explanation{}});
  take(id, {.outcome = Outcome::kMiss, .reason = "no_input_file"});
  take(id, {.outcome = Outcome::kCachedError, .exit_code = 1});
  take("another", {.outcome = Outcome::kHit});
  EXPECT_EQ(figure(id, "compilations"), 5U);
  EXPECT_EQ(figure(id, "hits"), 2U);
  EXPECT_EQ(figure(id, "misses"), 1U);
  EXPECT_EQ(figure(id, "non_cacheable"), 1U);
  EXPECT_EQ(figure(id, "errors_cached"), 1U);
  EXPECT_EQ(figure(id, "bytes_read"), 15U);
  EXPECT_EQ(figure(id, "bytes_written"), 7U);
  EXPECT_EQ(figure(id, "unique_sources"), 2U);
}

TEST_F(SessionsTest, TheHitRateIsNothingWithoutLookups) {
  const std::string id = start();
  take(id, {.outcome = Outcome::kMiss, .reason = "no_input_file"});
  EXPECT_TRUE(sessions_.stats(id)->at("hit_rate").is_null());
  take(id, {.outcome = Outcome::kHit, .exit_code = 0});
  EXPECT_EQ(sessions_.stats(id)->at("hit_rate").dump_line(), "1.0");
}

TEST_F(SessionsTest, EachLookupIsInOneClass) {
  const std::string id = start();
  const Explanation known = {.compared = Compared::kLast};
  Explanation changed = known;
  changed.changes.emplace_back();
  take(id, {.outcome = Outcome::kHit, .exit_code = 0});
  take(id, {.outcome = Outcome::kMiss, .exit_code = 0, .why = known});
  take(id, {.outcome = Outcome::kMiss, .exit_code = 0, .why = changed});
  take(id, {.outcome = Outcome::kMiss, .exit_code = 0, .why = Explanation{}});
  take(id, {.outcome = Outcome::kMiss, .exit_code = 0});
  take(id, {.outcome = Outcome::kMiss, .reason = "no_input_file"});  // was not looked up
  EXPECT_EQ(sessions_.stats(id)->at("lookup_outcomes").dump_line(),
            R"({"depgraph_hit_artifact_hit":1,"depgraph_hit_artifact_miss":1,)"
            R"("depgraph_cold_skip":1,"depgraph_other_miss":)"
            R"({"input_fingerprint_mismatch":1,"unknown":1}})");
}

TEST_F(SessionsTest, WithoutStatsThereAreNoFigures) {
  const std::string id = start({.cwd = "/w"});
  take(id);
  EXPECT_EQ(word(id, "status"), "unavailable");
  EXPECT_EQ(word(id, "reason"), "stats_not_enabled");
  EXPECT_TRUE(sessions_.stats(id)->at("hits").is_null());
}

TEST_F(SessionsTest, AnUnknownIdIsNotAnError) {
  take("never-seen");
  EXPECT_FALSE(sessions_.stats("never-seen"));
  EXPECT_FALSE(sessions_.end("never-seen"));
}

TEST_F(SessionsTest, AfterItsEndCommandsAreNoted) {
  const std::string id = start();
  take(id);
  now_ms_ += 2'000;
  EXPECT_EQ(sessions_.end(id)->at("state").as_text(), "ended");
  now_ms_ += 5'000;
  take(id);
  EXPECT_EQ(figure(id, "hits"), 1U);
  EXPECT_EQ(figure(id, "duration_ms"), 2'000U);
  EXPECT_EQ(figure(id, "commands_after_end"), 1U);
  EXPECT_EQ(sessions_.end(id)->at("hits").as_u64(), 1U);
}

TEST_F(SessionsTest, TheEndClosesTheFiles) {
  const auto journal = file("j.jsonl");
  const std::string id = start({.cwd = "/w", .journal = journal});
  take(id);
  EXPECT_EQ(text("j.jsonl"), "line\n");
  EXPECT_EQ(journal.use_count(), 2);
  sessions_.end(id);
  EXPECT_EQ(journal.use_count(), 1);
  take(id);
  EXPECT_EQ(text("j.jsonl"), "line\n");
}

TEST_F(SessionsTest, WithoutCommandsItBecomesIdle) {
  const auto log = file("log");
  const std::string id = start({.cwd = "/w", .has_stats = true, .log = log});
  take(id);
  now_ms_ += 299'999;
  sessions_.expire();
  EXPECT_TRUE(sessions_.any());
  now_ms_ += 1;
  sessions_.expire();
  EXPECT_FALSE(sessions_.any());
  EXPECT_EQ(log.use_count(), 1);
  // Its figures stay, and the next command counts.
  take(id);
  EXPECT_TRUE(sessions_.any());
  EXPECT_EQ(figure(id, "hits"), 2U);
}

TEST_F(SessionsTest, AsLongAsACommandRunsItIsNotIdle) {
  const std::string id = start();
  {
    const Sessions::Running running(sessions_, id);
    now_ms_ += 1'000'000;
    sessions_.expire();
    EXPECT_TRUE(sessions_.any());
  }
  sessions_.expire();
  EXPECT_TRUE(sessions_.any());
  now_ms_ += 300'000;
  sessions_.expire();
  EXPECT_FALSE(sessions_.any());
}

TEST_F(SessionsTest, ManySessionsAreBounded) {
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ++now_ms_;
    ids.push_back(start());
  }
  EXPECT_EQ(sessions_.counts().active, 3U);
  EXPECT_EQ(sessions_.counts().total, 20U);
  EXPECT_FALSE(sessions_.stats(ids[14]));
  EXPECT_TRUE(sessions_.stats(ids[15]));
  for (const std::string& id : ids) {
    sessions_.end(id);
  }
  EXPECT_FALSE(sessions_.any());
}

TEST_F(SessionsTest, ReleaseEndsTheSessionsBelowAPath) {
  const std::string here = start({.cwd = "/w/a", .has_stats = true, .journal = file("j")});
  const std::string below = start({.cwd = "/w/a/b", .has_stats = true});
  const std::string beside = start({.cwd = "/w/ab", .has_stats = true});
  const Sessions::Released released = sessions_.release("/w/a");
  EXPECT_EQ(released.inspected, 3U);
  EXPECT_EQ(released.ids.size(), 2U);
  EXPECT_EQ(released.files, 1U);
  EXPECT_EQ(word(here, "state"), "ended");
  EXPECT_EQ(word(below, "state"), "ended");
  EXPECT_EQ(word(beside, "state"), "active");
}

TEST_F(SessionsTest, OnlyASessionThatProfilesHasCratesAndPhases) {
  CommandRecord record = {.outcome = Outcome::kHit,
                          .compiler = "rustc",
                          .args = {"--crate-name", "foo", "--crate-type", "lib"},
                          .outputs = {"libfoo.rlib"},
                          .exit_code = 0,
                          .phases = Phases{.claim_ns = 1, .lookup_ns = 2, .reply_ns = 3}};
  record.latency_ns = 10;
  record.session_id = start();
  EXPECT_FALSE(sessions_.is_profiling());
  CommandRecord plain = record;
  sessions_.complete(plain);
  EXPECT_EQ(encode(plain).find("self_profile_ns"), std::string::npos);
  EXPECT_EQ(encode(plain).find("crate_name"), std::string::npos);

  const std::string id = start({.cwd = "/w", .has_stats = true, .is_profiled = true});
  EXPECT_TRUE(sessions_.is_profiling());
  record.session_id = id;
  sessions_.complete(record);
  sessions_.take(record, "");
  EXPECT_THAT(encode(record), HasSubstr(R"("crate_name":"foo","crate_type":"lib","output_ext":)"
                                        R"("rlib","self_profile_ns":{"hash_inputs":1,"lookup":2,)"
                                        R"("reply":3,"store":0})"));
  EXPECT_EQ(decode(encode(record))->phases, record.phases);
  EXPECT_EQ(decode(encode(record))->crate_name, "foo");
  const auto profile = sessions_.stats(id)->at("phase_profile");
  EXPECT_EQ(profile.at("hit_count").as_u64(), 1U);
  EXPECT_EQ(profile.at("build_context_ns").as_u64(), 1U);
  EXPECT_EQ(profile.at("artifact_lookup_ns").as_u64(), 2U);
  EXPECT_EQ(profile.at("write_output_ns").as_u64(), 3U);
  EXPECT_EQ(profile.at("bookkeeping_ns").as_u64(), 4U);
  EXPECT_EQ(profile.at("total_hit_ns").as_u64(), 10U);
  CommandRecord miss = record;
  miss.outcome = Outcome::kMiss;
  miss.compiler_ns = 6;
  miss.phases->store_ns = 7;
  sessions_.take(miss, "");
  EXPECT_EQ(sessions_.stats(id)->at("phase_profile").at("total_miss_ns").as_u64(), 19U)
      << "it was stored when its client had gone on";
  sessions_.end(id);
  EXPECT_FALSE(sessions_.is_profiling());
}

TEST(SessionLog, HasALineForEachKindOfOutcome) {
  const auto line = [](const CommandRecord& record) {
    const std::string text = session_log_line(record);
    return text.substr(text.find('Z') + 1);
  };
  EXPECT_EQ(line({.latency_ns = 3'000'000,
                  .outcome = Outcome::kHit,
                  .source = "a.c",
                  .outputs = {"a.o"},
                  .exit_code = 0}),
            " hit a.c -> a.o, 3 ms\n");
  EXPECT_EQ(line({.outcome = Outcome::kMiss,
                  .source = "a.c",
                  .outputs = {"a.o"},
                  .exit_code = 0,
                  .why = Explanation{}}),
            " miss a.c -> a.o, 0 ms: first time\n");
  EXPECT_EQ(line({.outcome = Outcome::kError, .source = "a.c", .exit_code = 4}),
            " error a.c, 0 ms, exit code 4\n");
  EXPECT_EQ(
      line({.outcome = Outcome::kMiss, .compiler = "/usr/bin/gcc", .reason = "no_input_file"}),
      " not cached gcc, 0 ms: no_input_file\n");
  EXPECT_EQ(line({.outcome = Outcome::kCachedError, .source = "a\nb.c", .exit_code = 1}),
            " cached_error a b.c, 0 ms, exit code 1\n");
}

}  // namespace
}  // namespace zc::history
