#include "cli/session_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

codec::Json stats_of(std::string_view members) {
  return codec::Json::parse(str_cat("{\"session_id\":\"ID\",", members, '}'))
      .value_or(codec::Json());
}

codec::Json with_lookups(int found, int without_result, int unknown, std::string_view more = "") {
  return stats_of(str_cat("\"lookup_outcomes\":{\"depgraph_hit_artifact_hit\":", found,
                          ",\"depgraph_hit_artifact_miss\":", without_result,
                          ",\"depgraph_cold_skip\":", unknown, "}", more));
}

TEST(SessionText, SaysWhetherTheSessionHasEnded) {
  EXPECT_THAT(session_text(stats_of(R"("state":"active","duration_ms":1200)")),
              HasSubstr("Session ID (active, 1.2s)\n"));
  EXPECT_THAT(session_text(stats_of(R"("state":"ended","duration_ms":1200)")),
              HasSubstr("Session ID complete (1.2s)\n"));
}

TEST(SessionText, AnOddIdMovesNoCursor) {
  const auto stats = codec::Json::parse(R"({"session_id":"a\u001b[2J\n"})").value_or(codec::Json());
  EXPECT_THAT(session_text(stats), HasSubstr("Session a\\x1b[2J\\n (active"));
}

TEST(SessionText, HasTheCountsAndTheTimeSavedIfThereIsAny) {
  const std::string text = session_text(
      stats_of(R"("compilations":7,"hits":3,"misses":1,"non_cacheable":2,"errors_cached":1,)"
               R"("time_saved_ms":850)"));
  EXPECT_THAT(text, HasSubstr("7 (3 hits, 1 misses, 2 non-cacheable, 1 cached errors)\n"));
  EXPECT_THAT(text, HasSubstr("75.0%"));
  EXPECT_THAT(text, HasSubstr("~850ms"));
  EXPECT_EQ(session_text(stats_of(R"("hits":0)")).find("Time saved"), std::string::npos);
  EXPECT_THAT(session_text(stats_of(R"("hits":0)")), HasSubstr("n/a"));
}

TEST(SessionText, WarnsIfKnownCommandsHadNoResult) {
  EXPECT_THAT(session_warnings(with_lookups(90, 10, 0), false), IsEmpty());
  EXPECT_THAT(session_warnings(with_lookups(89, 11, 0), false), SizeIs(1));
}

TEST(SessionText, WarnsIfAWarmCacheKnewLessThanHalf) {
  EXPECT_THAT(session_warnings(with_lookups(1, 0, 99), false), IsEmpty());
  EXPECT_THAT(session_warnings(with_lookups(1, 0, 99, R"(,"began_warm":true)"), false), SizeIs(1));
  EXPECT_THAT(session_warnings(with_lookups(50, 0, 50, R"(,"began_warm":true)"), false), IsEmpty());
}

TEST(SessionText, WarnsOfALowRateIfThatIsWanted) {
  const codec::Json low =
      stats_of(R"("began_warm":true,"compilations":51,"hits":2,"misses":49,"lookup_outcomes":{})");
  EXPECT_THAT(session_warnings(low, false), IsEmpty());
  EXPECT_THAT(session_warnings(low, true), SizeIs(1));
  EXPECT_THAT(session_warnings(
                  stats_of(R"("began_warm":true,"compilations":50,"hits":1,"misses":49)"), true),
              IsEmpty());
  EXPECT_THAT(session_warnings(
                  stats_of(R"("began_warm":true,"compilations":100,"hits":5,"misses":95)"), true),
              IsEmpty());
}

}  // namespace
}  // namespace zc::cli
