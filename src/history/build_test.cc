#include "history/build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::history {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr std::int64_t kSecond = 1'000'000'000;

// In seconds.
CommandRecord command(std::int64_t start, std::int64_t end, std::string output = "a.o",
                      std::string session = {}) {
  CommandRecord out;
  out.start_ns = start * kSecond;
  out.latency_ns = static_cast<std::uint64_t>((end - start) * kSecond);
  out.compiler = "/usr/bin/gcc";
  out.cwd = "/w";
  out.outputs = {std::move(output)};
  out.exit_code = 0;
  out.session_id = std::move(session);
  return out;
}

Build build_of(std::vector<CommandRecord> commands) {
  return {.session_id = {}, .commands = std::move(commands)};
}

// The newest first, as from the journal.
std::vector<Build> gather(std::size_t wanted, const std::vector<CommandRecord>& records) {
  BuildGatherer gatherer(wanted);
  for (const CommandRecord& record : records) {
    if (!gatherer.add(record)) {
      break;
    }
  }
  return gatherer.take();
}

std::vector<std::int64_t> starts(const Build& build) {
  std::vector<std::int64_t> out;
  for (const CommandRecord& record : build.commands) {
    out.push_back(record.start_ns / kSecond);
  }
  return out;
}

TEST(BuildGatherer, ABuildEndsWithAPauseOfMoreThanAMinute) {
  const std::vector<Build> builds =
      gather(9, {command(300, 301), command(180, 240), command(170, 175), command(50, 109)});
  ASSERT_THAT(builds, SizeIs(2));
  EXPECT_THAT(starts(builds[0]), ElementsAre(170, 180, 300));
  EXPECT_THAT(starts(builds[1]), ElementsAre(50));
}

TEST(BuildGatherer, ALongCommandIsNoPause) {
  EXPECT_THAT(gather(9, {command(900, 901), command(10, 890), command(5, 6)}), SizeIs(1));
}

TEST(BuildGatherer, ASessionIsABuildWhateverLiesBetween) {
  const std::vector<Build> builds = gather(9, {command(500, 501, "b.o", "s"), command(499, 500),
                                               command(498, 499), command(10, 11, "a.o", "s")});
  ASSERT_THAT(builds, SizeIs(2));
  EXPECT_EQ(builds[0].session_id, "s");
  EXPECT_THAT(starts(builds[0]), ElementsAre(10, 500));
  EXPECT_THAT(starts(builds[1]), ElementsAre(498, 499));
}

TEST(BuildGatherer, StopsBehindWhatIsWanted) {
  BuildGatherer gatherer(1);
  EXPECT_TRUE(gatherer.add(command(500, 501)));
  EXPECT_TRUE(gatherer.add(command(499, 500, "a.o", "other")));  // in between
  EXPECT_TRUE(gatherer.add(command(498, 499)));
  EXPECT_FALSE(gatherer.add(command(10, 11)));
  const std::vector<Build> builds = gatherer.take();
  ASSERT_THAT(builds, SizeIs(1));
  EXPECT_THAT(starts(builds[0]), ElementsAre(498, 500));
}

TEST(BuildGatherer, OfSessionsOnlyStopsAtAnythingElse) {
  BuildGatherer gatherer(1);
  EXPECT_TRUE(gatherer.add(command(500, 501, "a.o", "s")));
  EXPECT_FALSE(gatherer.add(command(499, 500)));
}

TEST(Build, LanesAreThoseThatRanAtOnce) {
  const Build build =
      build_of({command(0, 10), command(1, 3), command(2, 4), command(3, 5), command(10, 12)});
  EXPECT_THAT(lanes_of(build), ElementsAre(0, 1, 2, 1, 0));
  EXPECT_EQ(build.begin_ns(), 0);
  EXPECT_EQ(build.end_ns(), 12 * kSecond);
}

TEST(Build, ACommandThatWasLeftAloneIsAsLongAsItsProcess) {
  CommandRecord linked = command(0, 1);
  linked.exit_code.reset();
  linked.outcome = Outcome::kMiss;
  linked.compiler_ns = static_cast<std::uint64_t>(8 * kSecond);
  const Build build = build_of({linked, command(2, 3)});
  EXPECT_EQ(build.end_ns(), 9 * kSecond);
  EXPECT_THAT(lanes_of(build), ElementsAre(0, 1));
}

TEST(Build, TheEndOfACommandThatWasLeftAloneIsSeenLate) {
  constexpr std::int64_t kMs = 1'000'000;
  CommandRecord linked = command(0, 0, "b");
  linked.exit_code.reset();
  linked.latency_ns = 2 * kMs;
  linked.compiler_ns = 100 * kMs;
  CommandRecord next = command(1, 2, "c.o");
  const auto end_ms_if_next_begins = [&](std::int64_t begin_ms) {
    next.start_ns = begin_ms * kMs;
    const std::vector<Build> builds = gather(1, {next, linked});
    EXPECT_THAT(builds, SizeIs(1));
    return end_ns(builds[0].commands[0]) / kMs;
  };
  EXPECT_EQ(end_ms_if_next_begins(93), 93);
  EXPECT_EQ(end_ms_if_next_begins(92), 102) << "it began long before";
  EXPECT_EQ(end_ms_if_next_begins(102), 102);
  linked.compiler_ns = 3 * kMs;
  EXPECT_EQ(end_ms_if_next_begins(3), 3);
  EXPECT_EQ(end_ms_if_next_begins(2), 5) << "it ran when that began";
  linked.exit_code = 0;
  linked.latency_ns = 5 * kMs;
  EXPECT_EQ(end_ms_if_next_begins(3), 5) << "its client knows when it ended";
}

TEST(Build, TheCriticalPathIsWhatItWaitedFor) {
  const Build build = build_of(
      {command(0, 3), command(0, 5), command(3, 4), command(5, 9), command(5, 6), command(9, 10)});
  EXPECT_THAT(critical_path(build), ElementsAre(1, 3, 5));
  EXPECT_THAT(critical_path(build_of({})), ElementsAre());
}

TEST(Build, CommandsWithoutDurationDoNotWaitForThemselves) {
  const Build build = build_of({command(1, 1), command(1, 1), command(1, 1)});
  EXPECT_THAT(critical_path(build), ElementsAre(0, 1, 2));
}

TEST(Build, CountsAsStatusDoes) {
  CommandRecord hit = command(0, 1);
  hit.outcome = Outcome::kLinkHit;
  hit.compiler_ns = 3 * kSecond;
  CommandRecord failed_hit = command(0, 1);
  failed_hit.outcome = Outcome::kCachedError;
  failed_hit.exit_code = 1;
  CommandRecord failure = command(0, 1);
  failure.outcome = Outcome::kError;
  failure.exit_code = 1;
  failure.compiler_ns = 5;
  CommandRecord not_kept = command(0, 1);
  not_kept.outcome = Outcome::kLinkMiss;
  not_kept.reason = "unrepeatable_input";
  CommandRecord left_alone = command(0, 1);
  left_alone.reason = "called_for_link";
  left_alone.exit_code = {};
  const std::vector<CommandRecord> commands = {hit,      failed_hit, failure,
                                               not_kept, left_alone, command(0, 1)};
  const Tally tally = tally_of(commands);
  EXPECT_EQ(tally.served(), 2U);
  EXPECT_EQ(tally.kept(), 2U);
  EXPECT_EQ(tally.not_kept(), 2U);
  EXPECT_EQ(tally.compilations, 6U);
  EXPECT_EQ(std::ranges::count_if(commands, has_failed), 2);
  EXPECT_EQ(tally.link_hits, 1U);
  EXPECT_EQ(tally.link_misses, 0U);
  EXPECT_EQ(tally.saved_ns, 2U * kSecond) << "less what the hit took";
  EXPECT_EQ(tally.compiler_ns, 5U);
}

TEST(Build, ReasonsNameCommandsByWhatIsKnownOfThem) {
  CommandRecord information = command(0, 1);
  information.outputs.clear();
  information.args = {"-E", std::string(500, 'a'), "-v"};
  information.reason = "called_for_preprocessing";
  CommandRecord link = command(0, 1, "program");
  link.reason = "called_for_preprocessing";
  const std::vector<Cause> reasons = reasons_of({information, link});
  ASSERT_THAT(reasons, SizeIs(1));
  EXPECT_THAT(reasons[0].about,
              ElementsAre("gcc -E " + std::string(153, 'a') + " …", "/w/program"));
}

TEST(Build, CausesOfMissesAreTheDearestFirst) {
  CommandRecord cheap = command(0, 1, "a.o");
  cheap.why = Explanation{.compared = Compared::kNothing};
  cheap.compiler_ns = 1;
  CommandRecord dear = command(0, 1, "b.o");
  dear.why = Explanation{
      .compared = Compared::kLast,
      .changes = {{.kind = ChangeKind::kFile, .name = "h.h", .before = "1", .after = "2"}}};
  dear.compiler_ns = 2;
  CommandRecord also = dear;
  also.outputs = {"c.o"};
  const std::vector<Cause> causes = causes_of_misses({cheap, dear, also});
  ASSERT_THAT(causes, SizeIs(2));
  EXPECT_EQ(causes[0].text, "the file h.h has another content (1, now 2)");
  EXPECT_EQ(causes[0].commands, 2U);
  EXPECT_EQ(causes[0].ns, 4U);
  EXPECT_THAT(causes[0].about, ElementsAre("/w/b.o", "/w/c.o"));
  EXPECT_EQ(causes[1].text, "first time");
}

}  // namespace
}  // namespace zc::history
