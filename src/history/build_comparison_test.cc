#include "history/build_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::history {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

CommandRecord command(std::string cwd, std::string output, Outcome outcome) {
  CommandRecord out;
  out.compiler = "/usr/bin/gcc";
  out.cwd = std::move(cwd);
  out.source = output + ".c";
  out.outputs = {std::move(output)};
  out.outcome = outcome;
  out.exit_code = 0;
  return out;
}

Build build_with(std::vector<CommandRecord> commands) {
  return {.session_id = {}, .commands = std::move(commands)};
}

TEST(BuildComparison, SaysWhatBecameWorseAndBetterAndNewAndGone) {
  const Build before =
      build_with({command("/w", "a", Outcome::kHit), command("/w", "b", Outcome::kMiss),
                  command("/w", "c", Outcome::kHit), command("/w", "d", Outcome::kHit)});
  const Build after =
      build_with({command("/w", "a", Outcome::kMiss), command("/w", "b", Outcome::kHit),
                  command("/w", "c", Outcome::kHit), command("/w", "e", Outcome::kMiss)});
  const BuildComparison out = compare(before, after);
  ASSERT_THAT(out.worse, SizeIs(1));
  EXPECT_EQ(out.worse[0].second->outputs[0], "a");
  ASSERT_THAT(out.better, SizeIs(1));
  EXPECT_EQ(out.better[0].first->outputs[0], "b");
  ASSERT_THAT(out.added, SizeIs(1));
  EXPECT_EQ(out.added[0]->outputs[0], "e");
  ASSERT_THAT(out.gone, SizeIs(1));
  EXPECT_EQ(out.gone[0]->outputs[0], "d");
  EXPECT_EQ(out.same, 1U);
}

TEST(BuildComparison, OfSeveralThatMakeTheSameTheLastCounts) {
  const Build before =
      build_with({command("/w", "a", Outcome::kMiss), command("/w", "a", Outcome::kHit)});
  const Build after =
      build_with({command("/w", "a", Outcome::kHit), command("/w", "a", Outcome::kMiss)});
  EXPECT_THAT(compare(before, after).worse, SizeIs(1));
}

TEST(BuildComparison, ComparesTwoCheckoutsByTheNamesInThem) {
  const Build before = build_with({command("/one", "a", Outcome::kHit)});
  const Build after = build_with({command("/two", "a", Outcome::kMiss)});
  const BuildComparison out = compare(before, after);
  EXPECT_THAT(out.worse, SizeIs(1));
  EXPECT_THAT(out.added, IsEmpty());
  EXPECT_THAT(out.gone, IsEmpty());
}

TEST(BuildComparison, WhatIsKnownByItsWordsIsComparedByThem) {
  const auto plain = [](std::string word) {
    CommandRecord out = command("/w", "", Outcome::kMiss);
    out.outputs.clear();
    out.source.clear();
    out.args = {std::move(word)};
    return out;
  };
  const Build before = build_with({plain("--version"), plain("-E"), plain("-v")});
  const BuildComparison out = compare(before, build_with({plain("--version"), plain("-E")}));
  EXPECT_EQ(out.same, 2U);
  EXPECT_THAT(out.gone, SizeIs(1));
}

TEST(BuildComparison, WhatMakesTheSameFileComesBeforeWhatHasTheSameName) {
  const Build before =
      build_with({command("/one", "a", Outcome::kHit), command("/two", "a", Outcome::kMiss)});
  const Build after = build_with({command("/two", "a", Outcome::kMiss)});
  const BuildComparison out = compare(before, after);
  EXPECT_EQ(out.same, 1U);
  ASSERT_THAT(out.gone, SizeIs(1));
  EXPECT_EQ(out.gone[0]->cwd, "/one");
}

TEST(BuildComparison, ProjectsHaveNothingInCommonWithoutACommonFile) {
  const Build one = build_with({command("/w", "a", Outcome::kHit)});
  EXPECT_TRUE(have_something_in_common(one, one));
  EXPECT_FALSE(have_something_in_common(one, build_with({command("/w", "b", Outcome::kHit)})));
  CommandRecord version = command("/w", "", Outcome::kMiss);
  version.outputs.clear();
  version.source.clear();
  EXPECT_FALSE(have_something_in_common(build_with({version}), build_with({version})));
}

}  // namespace
}  // namespace zc::history
