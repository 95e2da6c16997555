#include "history/tally.h"

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::history {
namespace {

CommandRecord compile(Outcome outcome, std::string source = "a.c") {
  return {.start_ns = 1'000,
          .latency_ns = 10,
          .outcome = outcome,
          .compiler = "/usr/bin/gcc",
          .cwd = "/w",
          .source = std::move(source),
          .exit_code = 0,
          .compiler_ns = 100,
          .output_bytes = 0};
}

CommandRecord left_alone(std::string reason, std::vector<std::string> args = {}) {
  return {.start_ns = 2'000,
          .outcome = Outcome::kMiss,
          .compiler = "/usr/bin/gcc",
          .args = std::move(args),
          .cwd = "/w",
          .reason = std::move(reason)};
}

// One of each kind.
Tally made_up() {
  Tally out;
  CommandRecord hit = compile(Outcome::kHit);
  hit.output_bytes = 7;
  out.add(hit);
  out.add(compile(Outcome::kMiss, "b.c"));
  out.add(compile(Outcome::kCachedError));
  out.add(compile(Outcome::kError));
  out.add(compile(Outcome::kLinkHit, {}));
  out.add(compile(Outcome::kLinkMiss, {}));
  CommandRecord refused = compile(Outcome::kMiss, "late.c");
  refused.reason = "modified_input_file";
  refused.compiler_ns = 5'000;
  out.add(refused);
  CommandRecord failed = compile(Outcome::kError);
  failed.reason = "compile_failed";
  out.add(failed);
  CommandRecord option = left_alone("unsupported_compiler_option", {"-c", "x.c"});
  option.detail = "-ftime-trace=secret.json";
  out.add(option);
  return out;
}

std::uint64_t sum_of_outcomes(const Tally& tally) {
  return tally.served() + tally.kept() + tally.not_kept();
}

TEST(Tally, PutsEachCommandInOnePlace) {
  const Tally tally = made_up();
  EXPECT_EQ(tally.compilations, 9U);
  EXPECT_EQ(sum_of_outcomes(tally), 9U);
  EXPECT_EQ(tally.hits, 1U);
  EXPECT_EQ(tally.misses, 1U);
  EXPECT_EQ(tally.cached_errors, 1U);
  EXPECT_EQ(tally.errors, 2U);
  EXPECT_EQ(tally.kept_errors, 1U);
  EXPECT_EQ(tally.link_hits, 1U);
  EXPECT_EQ(tally.link_misses, 1U);
  EXPECT_EQ(tally.not_kept(), 3U);
}

TEST(Tally, AddsTimesAndBytes) {
  const Tally tally = made_up();
  EXPECT_EQ(tally.saved_ns, 3 * (100U - 10U));
  EXPECT_EQ(tally.hit_ns, 30U);
  EXPECT_EQ(tally.compiler_ns, 100U + 100U + 100U + 5'000U + 100U);
  EXPECT_EQ(tally.bytes_served, 7U);
  EXPECT_EQ(tally.first_ns, 1'000);
  EXPECT_EQ(tally.last_ns, 2'000);
}

TEST(Tally, AHitThatTookLongerThanTheCompilerSavesNothing) {
  CommandRecord slow = compile(Outcome::kHit);
  slow.latency_ns = 1'000;
  Tally tally;
  tally.add(slow);
  EXPECT_EQ(tally.saved_ns, 0U);
}

TEST(Tally, KnowsWhatMoreRoomWouldHaveBeenWorth) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  Tally tally;
  for (const std::uint64_t bytes : {1 * kMiB, 64 * kMiB, 65 * kMiB, 300 * kMiB}) {
    tally.add({.outcome = Outcome::kMiss, .exit_code = 0, .missing_room_bytes = bytes});
  }
  tally.add({.outcome = Outcome::kMiss, .exit_code = 0});
  Tally both = Tally::from_json(tally.to_json());
  EXPECT_EQ(both, tally);
  both.add(tally);
  const auto rooms = both.hits_with_more_room();
  ASSERT_EQ(rooms.size(), 3U);
  EXPECT_EQ(rooms[0].bytes, 64 * kMiB);
  EXPECT_EQ(rooms[0].hits, 4U);
  EXPECT_EQ(rooms[1].bytes, 128 * kMiB);
  EXPECT_EQ(rooms[1].hits, 6U);
  EXPECT_EQ(rooms[2].bytes, 512 * kMiB);
  EXPECT_EQ(rooms[2].hits, 8U);
}

TEST(Tally, KnowsWhatLessRoomWouldHaveCost) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  Tally tally;
  for (const std::uint64_t bytes : {1 * kMiB, 64 * kMiB, 65 * kMiB, 300 * kMiB, 400 * kMiB}) {
    tally.add({.outcome = Outcome::kHit, .exit_code = 0, .needed_room_bytes = bytes});
  }
  tally.add({.outcome = Outcome::kHit, .exit_code = 0});
  Tally both = Tally::from_json(tally.to_json());
  EXPECT_EQ(both, tally);
  both.add(tally);
  const auto rooms = both.hits_lost_with();
  ASSERT_EQ(rooms.size(), 3U);
  EXPECT_EQ(rooms[0].bytes, 512 * kMiB);
  EXPECT_EQ(rooms[0].hits, 0U);
  EXPECT_EQ(rooms[1].bytes, 128 * kMiB);
  EXPECT_EQ(rooms[1].hits, 4U);
  EXPECT_EQ(rooms[2].bytes, 64 * kMiB);
  EXPECT_EQ(rooms[2].hits, 6U);
}

TEST(Tally, HasARateOfWhatCouldBeServedAndOneOfEverything) {
  EXPECT_LT(Tally().direct_rate(), 0);
  EXPECT_LT(Tally().overall_rate(), 0);
  const Tally tally = made_up();
  EXPECT_DOUBLE_EQ(tally.direct_rate(), 0.5);
  EXPECT_DOUBLE_EQ(tally.link_rate(), 0.5);
  EXPECT_DOUBLE_EQ(tally.overall_rate(), 3.0 / 9.0);
}

TEST(Tally, NamesOptionsWithoutTheirValues) {
  const Tally tally = made_up();
  ASSERT_EQ(tally.options.size(), 1U);
  EXPECT_EQ(tally.options.begin()->first, "-ftime-trace");
  EXPECT_EQ(tally.to_json().dump_line().find("secret"), std::string::npos);
}

TEST(Tally, CountsWhatMissesAreAbout) {
  const Tally tally = made_up();
  EXPECT_EQ(tally.miss_reasons.at("uncacheable_input"), 1U);
  EXPECT_EQ(tally.miss_reasons.at("unknown"), 3U);
  EXPECT_EQ(tally.miss_reasons.size(), 2U);
}

TEST(Tally, KeepsTheLastFilesOfAReason) {
  Tally tally;
  for (int i = 0; i < 8; ++i) {
    tally.add(left_alone("called_for_link", {str_cat(i, ".o")}));
  }
  tally.add(left_alone("called_for_link", {"5.o"}));
  const Tally::NotCached& links = tally.not_cached.at("called_for_link");
  EXPECT_EQ(links.count, 9U);
  EXPECT_EQ(links.timed, 0U);
  EXPECT_EQ(links.files,
            (std::vector<std::string>{"/w/3.o", "/w/4.o", "/w/6.o", "/w/7.o", "/w/5.o"}));
}

TEST(Tally, KnowsNoTimeOfACommandThatWasLeftAlone) {
  Tally tally;
  tally.add(left_alone("called_for_link", {"-o", "prog"}));
  EXPECT_EQ(tally.not_cached.at("called_for_link").count, 1U);
  EXPECT_EQ(tally.not_cached.at("called_for_link").timed, 0U);
  EXPECT_TRUE(tally.dearest.empty());
}

TEST(Tally, KnowsTheTimeOfACommandWhoseEndWasSeen) {
  Tally tally;
  tally.add(left_alone("called_for_link", {"-o", "prog"}));
  CommandRecord seen = left_alone("called_for_link", {"-o", "prog"});
  seen.compiler_ns = 5;
  tally.add(seen);
  EXPECT_EQ(tally.not_cached.at("called_for_link").count, 2U);
  EXPECT_EQ(tally.not_cached.at("called_for_link").timed, 1U);
  EXPECT_EQ(tally.not_cached.at("called_for_link").compiler_ns, 5U);
  EXPECT_EQ(tally.compiler_ns, 5U);
  ASSERT_EQ(tally.dearest.size(), 1U);
}

TEST(Tally, KeepsTheDearestAndAddsWhatComesAgain) {
  Tally tally;
  for (std::uint64_t i = 1; i <= 30; ++i) {
    CommandRecord record = compile(Outcome::kMiss, str_cat(i, ".c"));
    record.reason = "unrepeatable_input";
    record.compiler_ns = i;
    tally.add(record);
  }
  CommandRecord again = compile(Outcome::kMiss, "20.c");
  again.reason = "unrepeatable_input";
  again.compiler_ns = 100;
  tally.add(again);
  ASSERT_EQ(tally.dearest.size(), Tally::kDearestMax);
  EXPECT_EQ(
      tally.dearest.front(),
      (Tally::Dear{
          .subject = "/w/20.c", .reason = "unrepeatable_input", .count = 2, .compiler_ns = 120}));
  EXPECT_EQ(tally.dearest.back().compiler_ns, 11U);
}

TEST(Tally, CountsSourcesOnce) {
  Tally tally;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) {
      tally.add(compile(Outcome::kHit, str_cat(i, ".c")));
    }
  }
  tally.add(compile(Outcome::kLinkMiss, "a.o"));
  EXPECT_EQ(tally.unique_sources(), 100U);
}

TEST(Tally, EstimatesManySources) {
  constexpr std::uint64_t kMany = 20'000;
  Tally tally;
  for (std::uint64_t i = 0; i < kMany; ++i) {
    tally.add(compile(Outcome::kHit, str_cat(i, ".c")));
  }
  EXPECT_EQ(tally.sources.size(), Tally::kSourcesMax);
  EXPECT_NEAR(static_cast<double>(tally.unique_sources()), kMany, kMany / 10.0);
}

TEST(Tally, TheWholeIsTheSumOfItsParts) {
  Tally whole;
  Tally first;
  Tally second;
  for (int i = 0; i < 40; ++i) {
    CommandRecord record = compile(i % 3 == 0 ? Outcome::kHit : Outcome::kMiss, str_cat(i, ".c"));
    record.start_ns = 1'000 + i;
    if (i % 4 == 1) {
      record.reason = "side_effect";
      record.compiler_ns = static_cast<std::uint64_t>(i);
    }
    whole.add(record);
    (i < 20 ? first : second).add(record);
  }
  first.add(second);
  EXPECT_EQ(first, whole);
}

TEST(Tally, AddsNothingToItself) {
  Tally tally = made_up();
  tally.add(Tally());
  EXPECT_EQ(tally, made_up());
}

TEST(Tally, ReadsWhatItHasWritten) {
  const Tally tally = made_up();
  const auto json = codec::Json::parse(tally.to_json().dump_line());
  ASSERT_TRUE(json);
  EXPECT_EQ(Tally::from_json(*json), tally);
}

TEST(Tally, DescribesItselfWithRates) {
  const Tally tally = made_up();
  const codec::Json json = tally.describe();
  EXPECT_EQ(json.at("unique_sources").as_u64(), tally.unique_sources());
  EXPECT_EQ(json.at("served").as_u64(), 3U);
  EXPECT_EQ(json.at("kept").as_u64(), 3U);
  EXPECT_EQ(json.at("not_kept").as_u64(), 3U);
  EXPECT_TRUE(json.at("sources").elements().empty());
  EXPECT_NE(json.dump_line().find(R"("hit_rate":0.5,"link_hit_rate":0.5)"), std::string::npos);
  EXPECT_TRUE(Tally().describe().at("hit_rate").is_null());
  EXPECT_EQ(Tally::from_json(json).unique_sources(), tally.unique_sources());
}

TEST(Tally, AVerifiedHitSavesNothing) {
  CommandRecord hit = compile(Outcome::kHit);
  hit.is_verified = true;
  Tally tally;
  tally.add(hit);
  EXPECT_EQ(tally.hits, 1U);
  EXPECT_EQ(tally.saved_ns, 0U);
}

TEST(Tally, ReadsAnyJson) {
  EXPECT_EQ(Tally::from_json(codec::Json()), Tally());
  const auto odd = codec::Json::parse(
      R"({"hits":-1,"misses":"x","not_cached":[1],"dearest":{"a":1},"sources":[null,"a"],
          "options":{"-a":[]},"new_member":{"x":1}})");
  ASSERT_TRUE(odd);
  const Tally tally = Tally::from_json(*odd);
  EXPECT_EQ(tally.hits, 0U);
  EXPECT_EQ(tally.compilations, 0U);
}

TEST(Tally, WhatItReadsIsBounded) {
  codec::Json json = codec::Json::object();
  codec::Json reasons = codec::Json::object();
  codec::Json options = codec::Json::object();
  codec::Json sources = codec::Json::array();
  for (std::uint64_t i = 0; i < 2 * Tally::kSourcesMax; ++i) {
    reasons.set(str_cat("r", i), codec::Json::object());
    options.set(str_cat("-o", i), codec::Json::count(1));
    sources.append(codec::Json::count(i));
  }
  json.set("not_cached", std::move(reasons));
  json.set("options", std::move(options));
  json.set("sources", std::move(sources));
  const Tally tally = Tally::from_json(json);
  EXPECT_EQ(tally.not_cached.size(), Tally::kReasonsMax);
  EXPECT_EQ(tally.options.size(), Tally::kOptionsMax);
  EXPECT_EQ(tally.sources.size(), Tally::kSourcesMax);
}

TEST(Tally, CanForgetNames) {
  const Tally tally = made_up();
  const Tally short_one = tally.without_names();
  EXPECT_EQ(short_one.unique_sources(), tally.unique_sources());
  EXPECT_EQ(short_one.not_kept(), tally.not_kept());
  EXPECT_EQ(short_one.to_json().dump_line().find("late.c"), std::string::npos);
  EXPECT_TRUE(short_one.options.empty());
}

TEST(Tally, LongTextsAreCut) {
  Tally tally;
  tally.add(left_alone("called_for_link", {"-o", std::string(4'000, 'd') + "/prog"}));
  const std::string& file = tally.not_cached.at("called_for_link").files.front();
  EXPECT_EQ(file.size(), Tally::kTextBytesMax);
  EXPECT_TRUE(file.ends_with("/prog"));
}

}  // namespace
}  // namespace zc::history
