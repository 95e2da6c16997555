#include "cli/status_text.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kDayNs = 24LL * 60 * 60 * 1'000'000'000;
constexpr std::int64_t kNoon = 1'769'860'800'000'000'000;  // 2026-01-31T12:00:00Z

codec::Json json(const char* text) {
  return codec::Json::parse(text).value_or(codec::Json());
}

std::string text_of(const char* daemon) {
  StatusFigures shown;
  shown.daemon = json(daemon);
  return status_text(shown);
}

history::CommandRecord compile(history::Outcome outcome, std::string source) {
  return {.start_ns = kNoon,
          .latency_ns = 1'000'000,
          .outcome = outcome,
          .compiler = "/usr/bin/gcc",
          .cwd = "/w",
          .source = std::move(source),
          .exit_code = 0,
          .compiler_ns = 2'001'000'000};
}

history::Figures made_up() {
  history::Figures out;
  out.since_ns = kNoon;
  out.add(compile(history::Outcome::kHit, "a.c"));
  out.add(compile(history::Outcome::kMiss, "b.c"));
  out.add(compile(history::Outcome::kLinkHit, "c.o"));
  out.add(compile(history::Outcome::kError, "d.c"));
  history::CommandRecord refused = compile(history::Outcome::kMiss, "late.c");
  refused.reason = "unrepeatable_input";
  out.add(refused);
  out.add(refused);
  return out;
}

TEST(StatusText, SaysWhatHappened) {
  const std::string text = text_of(R"({
      "version":"1.2.3","pid":7,"endpoint":"/e","daemon_namespace":"default","cache_dir":"/c",
      "uptime_secs":187,"hits":{"direct":6},"misses":2,"time_saved_ms":1250,"coalesced":1,
      "not_cached":{"called_for_link":1,"of_the_future":2,"unrepeatable_input":3,
                    "bad_output_file":0},
      "flags":{"-fweird":2},
      "verification":{"verified":5,"wrong":1,"not_reproducible":0,"unfinished":2},
      "store":{"results":4,"manifests":3,"blob_bytes":1048576,"index_bytes":524288,
               "size_bytes_max":5368709120,"evicted_results":9,"quarantined_blobs":1},
      "warnings":["ZCCACHE_LOG=loud"],"daemon_rss_bytes":2097152})");
  EXPECT_THAT(text, HasSubstr("zccache daemon v1.2.3 (/e), pid 7, uptime 3m 7s\n"));
  EXPECT_THAT(text, HasSubstr("14 total (6 cached, 2 cold, 6 not cached)\n"));
  EXPECT_THAT(text, HasSubstr("75.0%\n"));
  EXPECT_THAT(text, HasSubstr("~1.2s\n"));
  EXPECT_THAT(text, HasSubstr("         3  unrepeatable_input: the command read"));
  EXPECT_THAT(text, HasSubstr("\n         2  of_the_future\n         1  called_for_link: a link"));
  EXPECT_THAT(text, HasSubstr("Verified:      5 hits, 1 wrong, 2 unfinished\n"));
  EXPECT_THAT(text, Not(HasSubstr("disabled")));
  EXPECT_THAT(text, HasSubstr("2  -fweird\n"));
  EXPECT_THAT(text, HasSubstr("1.5 MB of 5.0 GB\n"));
  EXPECT_THAT(text, HasSubstr("9 results since start\n"));
  EXPECT_THAT(text, HasSubstr("1 damaged blob since start\n"));
  EXPECT_THAT(text, HasSubstr("Results:       4 for 3 commands\n"));
  EXPECT_THAT(text, HasSubstr("warning: ZCCACHE_LOG=loud\n"));
}

TEST(StatusText, ListsWhatRunsNow) {
  const std::string text = text_of(R"({"running":[
      {"age_ms":61000,"subject":"/w/a.o","compiler":"/usr/bin/gcc","cwd":"/w"},
      {"age_ms":850,"subject":"/w/b","reason":"called_for_link"}]})");
  EXPECT_THAT(text, HasSubstr("Running now: 2\n     1m 1s  /w/a.o\n"
                              "     850ms  /w/b (not cached: called_for_link)\n"));
}

TEST(StatusText, OddNamesAreOneLineAndMoveNoCursor) {
  StatusFigures shown;
  shown.daemon = json(R"({"endpoint":"/e\u001b[1m","cache_dir":"/c\u001b[2m","private_daemon":true,
      "daemon_namespace":"n\u001b[3m","warnings":["w\u001b[4m\nx"],"private_env":["A\u001b[5m"],
      "running":[{"age_ms":850,"subject":"/w/\u001b[6m\n.o"}]})");
  history::CommandRecord refused = compile(history::Outcome::kMiss, "late\x1b[7m\n.c");
  refused.reason = "unrepeatable_input";
  shown.lasting.add(refused);
  shown.days = 1;
  shown.now_ns = kNoon;
  const std::string text = status_text(shown);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  for (const char* name :
       {"(/e\\x1b[1m)", "dir: /c\\x1b[2m\n", "namespace: n\\x1b[3m\n", "warning: w\\x1b[4m\\nx\n",
        "A\\x1b[5m\n", "850ms  /w/\\x1b[6m\\n.o\n", "the last: /w/late\\x1b[7m\\n.c\n"}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
}

TEST(StatusText, ListsSessionsAndOwners) {
  EXPECT_EQ(text_of(R"({"sessions":{"active":0,"total":0}})").find("Sessions"), std::string::npos);
  const std::string text = text_of(R"({"sessions":{"active":2,"total":9},"private_daemon":true,
      "private_owners":[{"pid":12,"sessions":1},{"pid":13,"sessions":2}],"private_env":[]})");
  EXPECT_THAT(text, HasSubstr("Sessions:      2 active / 9 total\n"));
  EXPECT_THAT(text, HasSubstr("Private daemon: yes\n"));
  EXPECT_THAT(text, HasSubstr("Owners:        12x1, 13x2\n"));
  EXPECT_THAT(text, HasSubstr("Own settings:  none\n"));
}

TEST(StatusText, SaysWhatALargerCacheWouldBeWorth) {
  StatusFigures shown;
  shown.lasting.since_ns = 1;
  shown.lasting.total.hits = 5;
  shown.lasting.total.misses = 5;
  EXPECT_EQ(status_text(shown).find("A larger cache"), std::string::npos);
  shown.lasting.total.missing_room = {{"1073741824", 1}, {"134217728", 2}};
  EXPECT_THAT(status_text(shown),
              HasSubstr("+128.0 MB  +2 hits, 70.0% of look-ups in place of 50.0%\n"
                        "   +1.0 GB  +3 hits, 80.0% of look-ups in place of 50.0%\n"));
  shown.lasting.total.link_misses = 10;
  EXPECT_THAT(status_text(shown), HasSubstr("+3 hits, 40.0% of look-ups in place of 25.0%\n"))
      << "of links it would have kept as well";
}

TEST(StatusText, SaysWhatASmallerCacheWouldCost) {
  StatusFigures shown;
  shown.lasting.total.needed_room = {{"1073741824", 7}, {"67108864", 2}, {"8589934592", 1}};
  shown.store = json(R"({"blob_bytes":1073741824})");
  EXPECT_THAT(status_text(shown), HasSubstr("results were not used:\n"
                                            "   64.0 MB  up to 8 hits fewer\n"));
  EXPECT_EQ(status_text(shown).find("1.0 GB  up to"), std::string::npos) << "it is not smaller";
  shown.daemon = json(R"({"store":{"blob_bytes":8589934592,"index_bytes":1}})");
  EXPECT_THAT(status_text(shown), HasSubstr("results were not used:\n"
                                            "    8.0 GB  no hit fewer\n"
                                            "    1.0 GB  up to 1 hit fewer\n"
                                            "   64.0 MB  up to 8 hits fewer\n"));
  shown.daemon = json(R"({"store":{"blob_bytes":1000}})");
  EXPECT_EQ(status_text(shown).find("A smaller cache"), std::string::npos);
}

TEST(StatusText, ShowsTheTotalWithoutADaemon) {
  StatusFigures shown;
  shown.lasting = made_up();
  shown.now_ns = kNoon;
  const std::string text = status_text(shown);
  EXPECT_THAT(text, HasSubstr("In total since 2026-01-31 12:00 UTC:\n"));
  EXPECT_THAT(text, HasSubstr("6 total (2 cached, 2 cold, 2 not cached)\n"));
  EXPECT_THAT(text, HasSubstr("Hit rate:      50.0%\n"));
  EXPECT_THAT(text, HasSubstr("Of all:        33.3%\n"));
  EXPECT_THAT(text, HasSubstr("Links:         1 (1 cached, 0 cold)\n"));
  EXPECT_THAT(text, HasSubstr("Errors:        1\n"));
  EXPECT_THAT(text, HasSubstr("Time saved:    ~4.0s\n"));
  EXPECT_THAT(text, HasSubstr("Compiler time: 8.0s\n"));
  EXPECT_THAT(text, HasSubstr("2026-01-31  6 commands, 50.0% hits, ~4.0s saved\n"));
  EXPECT_THAT(text, HasSubstr("            4.0s of compiler time; the last: /w/late.c\n"
                              "            what to do: leave the time out"));
  EXPECT_THAT(text, HasSubstr("4.0s  /w/late.c (unrepeatable_input, 2 times)\n"));
}

TEST(StatusText, ShowsTheDaysThatAreAskedFor) {
  StatusFigures shown;
  shown.lasting = made_up();
  shown.days = 3;
  shown.now_ns = kNoon + 10 * kDayNs;
  const std::string later = status_text(shown);
  EXPECT_THAT(later, HasSubstr("In the last 3 days:\n  Compilations:  0 total"));
  EXPECT_THAT(later, Not(HasSubstr("2026-01-31")));
  shown.now_ns = kNoon + 2 * kDayNs;
  EXPECT_THAT(status_text(shown), HasSubstr("In the last 3 days:\n  Compilations:  6 total"));
}

TEST(StatusText, TakesTheFiguresOfTheDaemonWhereItHasThem) {
  codec::Json daemon = codec::Json::object();
  daemon.set("hits", json(R"({"direct":2})"));
  daemon.set("since_start", made_up().total.describe());
  EXPECT_EQ(since_start(daemon).link_hits, 1U);
  EXPECT_EQ(since_start(daemon).compilations, 6U);
}

TEST(StatusText, ManagesWithoutAnything) {
  const std::string text = text_of("{}");
  EXPECT_THAT(text, HasSubstr("0 total"));
  EXPECT_THAT(text, HasSubstr("n/a"));
  EXPECT_THAT(text, Not(HasSubstr("Verified")));
  EXPECT_THAT(text, Not(HasSubstr("Running")));
}

}  // namespace
}  // namespace zc::cli
