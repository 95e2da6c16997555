#include "cli/top_screen.h"

#include <algorithm>
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

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

TEST(TopScreen, TheHitRateIsThatOfCompilesAndLinksHaveTheirOwn) {
  TopCounts counts;
  counts.add(ended("a.o", history::Outcome::kHit));
  counts.add(ended("b.o", history::Outcome::kMiss));
  counts.add(ended("p", history::Outcome::kLinkHit));
  EXPECT_THAT(top_lines(counts, {}, {.size = {.columns = 200}}),
              Contains(HasSubstr(
                  "2 hits, 1 miss, 0 not cached, hit rate 50.0%, saved 3.6s, links 100.0%")));
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
          top_lines(counts, moment_with(50), {.size = {.columns = columns, .rows = rows}});
      EXPECT_LE(lines.size(), rows);
      for (const std::string& line : lines) {
        EXPECT_LE(characters_in(line), columns);
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

TEST(TopScreen, OfALongPathTheEndStays) {
  history::CommandRecord record =
      ended("src/deep/below/many/directories/a.o", history::Outcome::kHit);
  EXPECT_EQ(top_line(record, 80), "H     1.2s  src/deep/below/many/directories/a.o");
  EXPECT_EQ(top_line(record, 32), "H     1.2s  …any/directories/a.o");
  record.outcome = history::Outcome::kMiss;
  record.reason = "unrepeatable_input";
  EXPECT_EQ(top_line(record, 52), "N     1.2s  …any/directories/a.o: unrepeatable_input");
  record.detail = "/another/long/name.h";
  EXPECT_EQ(top_line(record, 52), "N     1.2s  …any/directories/a.o: unrepeatable_inpu…");
  record.outputs.clear();
  record.args = {"-v", "and", "more", "words"};
  EXPECT_EQ(top_line(record, 32), "N     1.2s  gcc -v and more wor…");
}

TEST(TopScreen, TheLastLineNamesTheKeys) {
  const std::vector<std::string> lines = top_lines({}, moment_with(50), {});
  EXPECT_THAT(lines, SizeIs(24));
  EXPECT_EQ(lines.back(), "q quits, ? shows help");
  EXPECT_THAT(top_lines({}, moment_with(0), {.size = {.rows = 1}}),
              Contains("zccache 1.2.3, up 1m 1s"));
}

TEST(TopScreen, ExplainsItself) {
  const std::vector<std::string> lines = top_lines({}, moment_with(1), {.shows_help = true});
  EXPECT_THAT(lines,
              Contains("  M  miss: it ran, and its result is kept; why it was no hit follows"));
  EXPECT_THAT(lines, Contains("  ?, h       this help, and back"));
  EXPECT_THAT(lines, Each(Not(HasSubstr("…")))) << "it fits";
  EXPECT_THAT(lines, SizeIs(24));
  EXPECT_EQ(lines.back(), "q quits, ? goes back");
}

}  // namespace
}  // namespace zc::cli
