#include "cli/top_screen.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

history::CommandRecord ended(const std::string& name, history::Outcome outcome) {
  history::CommandRecord out;
  out.outcome = outcome;
  out.latency_ns = 1'200'000'000;
  out.compiler_ns = 3'000'000'000;
  out.compiler = "/usr/bin/gcc";
  out.cwd = "/w";
  out.outputs = {name};
  out.exit_code = 0;
  if (outcome == history::Outcome::kMiss) {
    out.why = history::Explanation{};
  }
  return out;
}

TopMoment moment_with(std::size_t running) {
  std::string list;
  for (std::size_t i = 0; i < running; ++i) {
    str_append(list, i == 0 ? "" : ",",
               R"({"age_ms":12300,"compiler":"/usr/bin/g++","subject":"/w/r)", i, R"(.o"})");
  }
  const auto daemon = codec::Json::parse(str_cat(
      R"({"version":"1.2.3","uptime_secs":61,"hits":{"direct":6},"misses":2,)",
      R"("not_cached":{"a":1,"b":2},)",
      R"("store":{"results":4,"blob_bytes":1048576,"index_bytes":0,"size_bytes_max":2097152},)",
      R"("running":[)", list, "]}"));
  return {.daemon = daemon ? std::optional(*daemon) : std::nullopt,
          .load = 1.25,
          .processors = 8,
          .jobs = 9,
          .free_jobs = 3};
}

TEST(TopScreen, TheHitRateIsThatOfCompilesAndLinksHaveTheirOwn) {
  TopCounts counts;
  counts.add(ended("a.o", history::Outcome::kHit));
  counts.add(ended("b.o", history::Outcome::kMiss));
  counts.add(ended("p", history::Outcome::kLinkHit));
  EXPECT_THAT(top_lines(counts, {}, {.columns = 200}),
              Contains(HasSubstr("2 hits, 1 miss, 0 not cached, hit rate 50.0%, links 100.0%,")));
}

TEST(TopScreen, ShowsWhyACommandThatRunsWasLeftAlone) {
  TopMoment moment = moment_with(0);
  moment.daemon = codec::Json::parse(R"({"running":[{"age_ms":12300,"compiler":"/usr/bin/g++",
      "subject":"/w/p","reason":"odd"}]})")
                      .value_or(codec::Json());
  EXPECT_THAT(top_lines({}, moment, {}), Contains("  12.3s    g++  /w/p: odd"));
}

TEST(TopScreen, ShowsWhatRunsAndWhatCame) {
  TopCounts counts;
  counts.add(ended("a.o", history::Outcome::kHit));
  counts.add(ended("b.o", history::Outcome::kMiss));
  const std::vector<std::string> lines = top_lines(counts, moment_with(2), {});
  EXPECT_THAT(
      lines,
      AllOf(Contains("zccache 1.2.3, up 1m 1s"),
            Contains("Daemon   6 hits, 2 misses, 3 not cached, hit rate 75.0%"),
            Contains("Now      1 hit, 1 miss, 0 not cached, hit rate 50.0%, saved 1.8s"),
            Contains("Store    1.0 MB of 2.0 MB, 4 results"),
            Contains("Machine  2 compile now, 8 processors, load 1.2, make -j9, 3 jobs free"),
            Contains("Compiling (2)"), Contains("  12.3s    g++  /w/r1.o"),
            Contains("      1    first time"), Contains("H     1.2s  a.o")));
  EXPECT_THAT(lines, Contains("M     1.2s  b.o: first time"));
}

TEST(TopScreen, FitsEveryScreen) {
  TopCounts counts;
  for (std::size_t i = 0; i < 300; ++i) {
    counts.add(ended(str_cat("directory/of/a/long/name/", i, ".o"), history::Outcome::kMiss));
  }
  EXPECT_THAT(counts.last(), SizeIs(TopCounts::kLastMax));
  for (const std::size_t rows : std::to_array<std::size_t>({0, 1, 2, 5, 12, 24, 60})) {
    for (const std::size_t columns : std::to_array<std::size_t>({1, 20, 80, 200})) {
      const std::vector<std::string> lines =
          top_lines(counts, moment_with(50), {.columns = columns, .rows = rows});
      EXPECT_LE(lines.size(), rows);
      for (const std::string& line : lines) {
        EXPECT_LE(line.size(), columns);
      }
    }
  }
}

TEST(TopScreen, HasColorsOnlyIfWanted) {
  TopCounts counts;
  counts.add(ended("a.o", history::Outcome::kHit));
  EXPECT_THAT(top_lines(counts, {}, {}), Each(Not(HasSubstr("\x1b"))));
  EXPECT_THAT(top_lines(counts, {}, {.has_colors = true}), Contains(HasSubstr("\x1b[32mH")));
}

TEST(TopScreen, ShowsAlsoWithoutADaemon) {
  EXPECT_THAT(top_lines({}, {}, {}), Contains(HasSubstr("no daemon runs")));
}

TEST(TopScreen, ReasonsAreBounded) {
  TopCounts counts;
  for (std::size_t i = 0; i < 2'000; ++i) {
    history::CommandRecord record = ended("a.o", history::Outcome::kMiss);
    record.reason = str_cat("reason_", i);
    counts.add(record);
  }
  EXPECT_LE(counts.reasons().size(), 501U);
  EXPECT_EQ(counts.reasons().at("others"), 1'500U);
  EXPECT_EQ(counts.tally().compilations, 2'000U);
  EXPECT_THAT(top_lines(counts, {}, {}), Contains(HasSubstr("0 misses, 2000 not cached")));
}

TEST(TopScreen, NothingThatIsShownMovesTheCursor) {
  EXPECT_EQ(fit("a\x1b[2Jb\r\n\x7F", 80), "a\\x1b[2Jb\\r\\n\\x7f");
  EXPECT_EQ(fit("a\xFF\xC3\xA4", 80), "a\\xff\\xc3\\xa4");
  EXPECT_EQ(fit("ab\n", 3), "ab\\");
  EXPECT_EQ(fit("\xC3\xA4\xC3\xA4\xC3\xA4", 2), "\xC3\xA4\xC3\xA4");
  EXPECT_EQ(fit("\xE4\xB8\xAD\xE4\xB8\xAD", 3), "\xE4\xB8\xAD");
  EXPECT_EQ(fit("abc", 0), "");
}

}  // namespace
}  // namespace zc::cli
