#include "cli/journal_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::cli {
namespace {

using history::CommandRecord;
using history::Outcome;
using ::testing::HasSubstr;

CommandRecord compile(Outcome outcome, std::string crate, std::uint64_t ms) {
  CommandRecord out = {.latency_ns = ms * 1'000'000,
                       .outcome = outcome,
                       .compiler = "/usr/bin/rustc",
                       .args = {"--crate-name", std::move(crate)},
                       .outputs = {"x.rlib"},
                       .exit_code = 0,
                       .session_id = "s1"};
  return out;
}

class AnalysisTest : public ::testing::Test {
 protected:
  AnalysisTest() {
    add(compile(Outcome::kHit, "foo", 5));
    add(compile(Outcome::kHit, "foo", 6));
    add(compile(Outcome::kMiss, "foo", 100));
    add(compile(Outcome::kMiss, "bar", 50));
    add(compile(Outcome::kMiss, "bar", 20));
    add(compile(Outcome::kError, "bar", 1));
    add(compile(Outcome::kCachedError, "bar", 1));
    CommandRecord left = {.outcome = Outcome::kMiss, .compiler = "/usr/bin/gcc"};
    left.session_id = "s2";
    left.reason = "no_input_file";
    add(left);
    add({.latency_ns = 7'000'000,
         .outcome = Outcome::kLinkHit,
         .compiler = "/usr/bin/ld",
         .outputs = {"a.out"},
         .exit_code = 0});
    add({.outcome = Outcome::kLinkMiss, .compiler = "/usr/bin/ld", .exit_code = 0});
  }

  void add(const CommandRecord& record) { str_append(text_, encode(record), '\n'); }
  Analysis run(const AnalysisWish& wish = {}) const { return analyze_journal(text_, wish); }
  std::uint64_t calls(const AnalysisWish& wish) const { return run(wish).calls(); }
  codec::Json json(const AnalysisWish& wish = {}) const {
    return to_json(run(wish), wish, "j.jsonl");
  }

  std::string text_;
};

TEST_F(AnalysisTest, CountsCompilesAndLinks) {
  const codec::Json out = json();
  const auto count = [&](const char* name) { return out.at(name).as_u64(); };
  EXPECT_EQ(out.at("status").as_text(), "ok");
  EXPECT_EQ(count("schema_version"), 1U);
  EXPECT_EQ(out.at("journal_path").as_text(), "j.jsonl");
  EXPECT_EQ(count("line_count"), 10U);
  EXPECT_EQ(count("parsed_count"), 10U);
  EXPECT_EQ(count("compile_count"), 8U);
  EXPECT_EQ(count("link_count"), 2U);
  EXPECT_EQ(count("hit_count"), 2U);
  EXPECT_EQ(count("miss_count"), 3U);
  EXPECT_EQ(count("error_count"), 2U);
  EXPECT_EQ(count("non_cacheable_count"), 1U);
  EXPECT_EQ(count("link_hit_count"), 1U);
  EXPECT_EQ(count("link_miss_count"), 1U);
  EXPECT_EQ(out.at("hit_rate").dump_line(), "0.4");
  EXPECT_EQ(count("total_latency_ms"), 190U);
}

TEST_F(AnalysisTest, GroupsByExtensionToolAndCrate) {
  const codec::Json out = json();
  EXPECT_EQ(out.at("by_extension").at("rlib").dump_line(),
            R"({"hits":2,"misses":3,"total_ms":183})");
  EXPECT_EQ(out.at("by_tool_calls").dump_line(), R"({"gcc":1,"ld":2,"rustc":7})");
  EXPECT_EQ(out.at("by_tool_total_ms").at("rustc").as_u64(), 183U);
  EXPECT_EQ(out.at("by_crate").elements()[0].dump_line(),
            R"({"crate_name":"foo","hits":2,"misses":1,"errors":0,"total_ms":111})");
  EXPECT_EQ(out.at("by_crate").elements()[2].at("crate_name").as_text(), "<unknown>");
  EXPECT_EQ(out.at("top_miss_crates").elements()[0].dump_line(),
            R"({"crate_name":"bar","misses":2})");
  EXPECT_EQ(out.at("top_slowest").elements()[0].dump_line(),
            R"({"outcome":"miss","crate_name":"foo","crate_type":"bin","tool":"rustc","ms":100})");
}

TEST_F(AnalysisTest, TakesOnlyWhatIsWanted) {
  EXPECT_EQ(calls({.session = "s1"}), 7U);
  EXPECT_EQ(calls({.session = "none"}), 0U);
  EXPECT_EQ(calls({.crate = "bar"}), 4U);
  EXPECT_EQ(calls({.crate = "<unknown>"}), 3U);
  EXPECT_EQ(calls({.outcome = "hit"}), 3U);
  EXPECT_EQ(calls({.outcome = "miss"}), 4U);
  EXPECT_EQ(calls({.outcome = "link_miss"}), 1U);
  EXPECT_EQ(calls({.outcome = "non-cacheable"}), 2U);
  EXPECT_TRUE(json({.session = "none"}).at("hit_rate").is_null());
  EXPECT_TRUE(is_known_outcome("non-cacheable"));
  EXPECT_FALSE(is_known_outcome("hits"));
}

TEST_F(AnalysisTest, IsSortedAndCutAsWanted) {
  const auto first = [&](CrateOrder order) {
    return json({.order = order}).at("by_crate").elements()[0].at("crate_name").as_text();
  };
  EXPECT_EQ(first(CrateOrder::kWallClock), "foo");
  EXPECT_EQ(first(CrateOrder::kMisses), "bar");
  EXPECT_EQ(first(CrateOrder::kHits), "foo");
  EXPECT_EQ(json({.rows_max = 1}).at("by_crate").elements().size(), 1U);
  EXPECT_EQ(json({.rows_max = 1}).at("top_slowest").elements().size(), 1U);
  for (int i = 0; i < 100; ++i) {
    add(compile(Outcome::kMiss, str_cat('c', i), 1));
  }
  EXPECT_EQ(json({.rows_max = 1'000}).at("top_slowest").elements().size(), 20U);
  EXPECT_EQ(json({.rows_max = 1'000}).at("top_miss_crates").elements().size(), 10U);
}

TEST_F(AnalysisTest, PassesOverWhatIsNoEntry) {
  text_ += "\n{\"outcome\":\"hit\",\"compiler\":\"gcc\"}\n";              // no words
  text_ += "{\"outcome\":\"hit\",\"args\":[]}\n";                         // no compiler
  text_ += "{\"outcome\":\"maybe\",\"compiler\":\"gcc\",\"args\":[]}\n";  // no known outcome
  text_ += "{\"outcome\":\"hit\",\"comp";                                 // cut off
  const Analysis out = run();
  EXPECT_EQ(out.lines, 14U);
  EXPECT_EQ(out.parsed, 10U);
  EXPECT_EQ(out.malformed, 4U);
  EXPECT_FALSE(not_a_journal(text_, out));
}

TEST_F(AnalysisTest, SaysWhatAFileIsThatIsNoJournal) {
  const auto problem = [](std::string_view text) {
    return not_a_journal(text, analyze_journal(text, {})).value_or("none");
  };
  EXPECT_EQ(problem(""), "the file is empty");
  EXPECT_EQ(problem(" \n\n"), "the file is empty");
  EXPECT_THAT(problem("{\n \"lookup_outcomes\": {}\n}\n"), HasSubstr("engine-profile"));
  EXPECT_THAT(problem("{\"a\": 1}"), HasSubstr("a JSON document"));
  EXPECT_THAT(problem("hello\n"), HasSubstr("no line"));
}

TEST_F(AnalysisTest, TheTextAgreesWithTheDocument) {
  const std::string text = to_text(run(), {});
  EXPECT_THAT(text, HasSubstr("compiles:  8 (2 hits, 3 misses, 2 errors, 1 not cached)\n"));
  EXPECT_THAT(text, HasSubstr("links:     2 (1 hits, 1 misses)\n"));
  EXPECT_THAT(text, HasSubstr("hit rate:  40.0%\n"));
}

}  // namespace
}  // namespace zc::cli
