#include "cli/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "codec/json.h"

namespace zc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kMs = 1'000'000;

history::CommandRecord compile(const std::string& name, history::Outcome outcome,
                               std::int64_t begin_ms, std::int64_t end_ms) {
  history::CommandRecord out;
  out.start_ns = begin_ms * kMs;
  out.latency_ns = static_cast<std::uint64_t>((end_ms - begin_ms) * kMs);
  out.compiler_ns = out.latency_ns;
  out.outcome = outcome;
  out.compiler = "/usr/bin/gcc";
  out.source = name + ".c";
  out.outputs = {name + ".o"};
  out.args = {"-c", out.source, "-o", out.outputs[0]};
  out.cwd = "/w/build";
  out.exit_code = 0;
  return out;
}

history::CommandRecord changed(history::CommandRecord record) {
  record.why = history::Explanation{.compared = history::Compared::kLast,
                                    .changes = {{.kind = history::ChangeKind::kFile,
                                                 .name = "<script>h.h",
                                                 .before = "1",
                                                 .after = "2"}}};
  return record;
}

Report report_of(std::vector<history::CommandRecord> commands) {
  return {.build = {.session_id = {}, .commands = std::move(commands)},
          .before = std::nullopt,
          .version = "1.2.3"};
}

TEST(ReportPage, ShowsWhatItIsMadeOf) {
  Report report = report_of({changed(compile("a", history::Outcome::kMiss, 0, 1500)),
                             compile("b", history::Outcome::kHit, 10, 11)});
  report.before = report_of({compile("a", history::Outcome::kHit, 0, 1)}).build;
  const std::string page = report_page(report);
  EXPECT_THAT(page, HasSubstr("<h1>Build in /w/build</h1>"));
  EXPECT_THAT(page, HasSubstr("<dt>Hit rate</dt><dd>50.0%"));
  EXPECT_THAT(page, HasSubstr("the file &lt;script&gt;h.h has another content (1, now 2)"));
  EXPECT_THAT(page, HasSubstr("Worse: hits then, none now (1)"));
  EXPECT_THAT(page, HasSubstr("New (1)"));
  EXPECT_THAT(page, HasSubstr("<summary>1 command</summary>"));
  EXPECT_THAT(page, HasSubstr("<tr id=\"c1\">"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST(ReportMarkdown, TheHitRateIsThatOfCompilesAndLinksHaveTheirOwn) {
  const std::string text = report_markdown(report_of({
      compile("a", history::Outcome::kHit, 0, 1),
      compile("b", history::Outcome::kMiss, 0, 1),
      compile("p", history::Outcome::kLinkHit, 0, 1),
  }));
  EXPECT_THAT(text, HasSubstr("\n| Hit rate | 50.0% |\n"));
  EXPECT_THAT(text, HasSubstr("\n| Link hit rate | 100.0% |\n"));
  EXPECT_THAT(text, HasSubstr("\n| Hits | 2 |\n"));
}

// Half of four look-ups hit; one of the others would have, in a gigabyte more, and both in four.
Report report_with_missing_room() {
  std::vector<history::CommandRecord> commands;
  for (const char* name : {"a", "b"}) {
    commands.push_back(compile(name, history::Outcome::kHit, 0, 1));
  }
  for (const std::uint64_t gigabytes : {1, 4}) {
    commands.push_back(compile("c", history::Outcome::kMiss, 0, 1));
    commands.back().missing_room_bytes = gigabytes << 30;
  }
  return report_of(std::move(commands));
}

TEST(ReportPage, SaysWhatALargerCacheWouldBeWorth) {
  const std::string page = report_page(report_with_missing_room());
  EXPECT_THAT(page, HasSubstr(">+1.0 GB</th><td>+1 hit, 75.0% of look-ups in place of 50.0%</td>"));
  EXPECT_THAT(page,
              HasSubstr(">+4.0 GB</th><td>+2 hits, 100.0% of look-ups in place of 50.0%</td>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"#rooms\">"));
  const std::string without = report_page(report_of({compile("a", history::Outcome::kMiss, 0, 1)}));
  EXPECT_THAT(without, Not(HasSubstr("A larger cache")));
}

TEST(ReportMarkdown, SaysWhatALargerCacheWouldBeWorth) {
  const std::string text = report_markdown(report_with_missing_room());
  EXPECT_THAT(text, HasSubstr("### A larger cache\n\n"));
  EXPECT_THAT(text, HasSubstr("\n| \\+1.0 GB | \\+1 hit, 75.0% of look-ups in place of 50.0% |\n"));
  EXPECT_THAT(text,
              HasSubstr("\n| \\+4.0 GB | \\+2 hits, 100.0% of look-ups in place of 50.0% |\n"));
  const std::string without =
      report_markdown(report_of({compile("a", history::Outcome::kMiss, 0, 1)}));
  EXPECT_THAT(without, Not(HasSubstr("A larger cache")));
}

Report report_with_failures(std::size_t count) {
  std::vector<history::CommandRecord> commands = {compile("good", history::Outcome::kMiss, 0, 1)};
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_first = i == 0;
    commands.push_back(compile(str_cat("bad_", i),
                               is_first ? history::Outcome::kError : history::Outcome::kCachedError,
                               0, 2));
    commands.back().exit_code = is_first ? 4 : 1;
  }
  return report_of(std::move(commands));
}

TEST(ReportPage, NamesWhatFailed) {
  const std::string page = report_page(report_with_failures(32));
  EXPECT_THAT(page, HasSubstr("<a href=\"#failures\">Failed</a>"));
  EXPECT_THAT(page, HasSubstr("href=\"#c1\">bad_0.o</a></th><td>exit code 4</td>"));
  EXPECT_THAT(page, HasSubstr("href=\"#c2\">bad_1.o</a></th><td>exit code 1, from the cache</td>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"soft\">2 more are among"));
  EXPECT_THAT(report_page(report_with_failures(0)), Not(HasSubstr("failures")));
}

TEST(ReportMarkdown, NamesWhatFailed) {
  const std::string text = report_markdown(report_with_failures(13));
  EXPECT_THAT(text, HasSubstr("### Failed\n\n| took | command | result |\n|---:|---|---|\n"
                              "| 2ms | bad\\_0.o | exit code 4 |\n"
                              "| 2ms | bad\\_1.o | exit code 1, from the cache |\n"));
  EXPECT_THAT(text, HasSubstr("| bad\\_9.o |"));
  EXPECT_THAT(text, HasSubstr(" |\n\n… and 3 more.\n"));
  EXPECT_THAT(report_markdown(report_with_failures(0)), Not(HasSubstr("### Failed")));
}

TEST(ReportPage, NothingInItIsMarkup) {
  history::CommandRecord record =
      changed(compile("</script><script>alert(1)//", history::Outcome::kMiss, 0, 1));
  record.cwd = "/w/<b onclick=\"x\">\xFF\x1B";
  record.reason = "<i>";
  record.session_id = "<u>";
  const Report report = {
      .build = {.session_id = "<u>", .commands = {record}}, .before = std::nullopt, .version = "1"};
  const std::string page = report_page(report);
  for (const char* markup : {"<script>alert", "<b on", "<i>", "<u>", "\xFF", "\x1B"}) {
    EXPECT_THAT(page, Not(HasSubstr(markup)));
  }
}

TEST(ReportPage, OfAnEmptyBuildIsAPage) {
  EXPECT_THAT(report_page(report_of({})), HasSubstr("<dt>Commands</dt><dd>0"));
}

TEST(ReportMarkdown, EscapesWhatIsMarkup) {
  const std::string text =
      report_markdown(report_of({compile("a|b<c>`*_", history::Outcome::kMiss, 0, 1)}));
  EXPECT_THAT(text, HasSubstr("a\\|b\\<c\\>\\`\\*\\_.o"));
  EXPECT_THAT(text, HasSubstr("| Misses | 1 |"));
}

TEST(ReportTrace, ACommandThatWasLeftAloneIsAsLongAsItsProcess) {
  history::CommandRecord linked = compile("a", history::Outcome::kMiss, 5, 6);
  linked.exit_code.reset();
  linked.reason = "called_for_link";
  linked.compiler_ns = 7 * kMs;
  const Report report = report_of({linked});
  EXPECT_THAT(report_trace(report.build), HasSubstr("\"dur\":8000.0"));
  EXPECT_THAT(report_page(report), HasSubstr("\"duration\":8.0"));
  EXPECT_THAT(report_page(report), HasSubstr("[0.0,8.0,0,2,1]"));
}

TEST(ReportTrace, HasAnEventForEachCommandInItsLane) {
  const std::string text = report_trace(report_of({compile("a", history::Outcome::kHit, 5, 9),
                                                   compile("b", history::Outcome::kMiss, 6, 8)})
                                            .build);
  const auto json = codec::Json::parse(text);
  ASSERT_TRUE(json);
  const std::vector<codec::Json> events = json->at("traceEvents").elements();
  ASSERT_EQ(events.size(), 4U);  // two of them name the lanes
  EXPECT_EQ(events[1].at("name").as_text(), "a.o");
  EXPECT_EQ(events[1].at("tid").as_u64(), 1U);
  EXPECT_EQ(events[3].at("cat").as_text(), "miss");
  EXPECT_EQ(events[3].at("tid").as_u64(), 2U);
}

TEST(ReportCompileCommands, HasTheLastOfEachOutputAndNoLinks) {
  history::CommandRecord again = compile("a", history::Outcome::kHit, 2, 3);
  again.args.emplace_back("-O3");
  history::CommandRecord crate = compile("c", history::Outcome::kMiss, 4, 5);
  crate.source = "c.rs";
  const std::string text =
      report_compile_commands(report_of({compile("a", history::Outcome::kMiss, 0, 1), again,
                                         compile("b", history::Outcome::kLinkMiss, 3, 4), crate})
                                  .build);
  const auto json = codec::Json::parse(text);
  ASSERT_TRUE(json);
  const std::vector<codec::Json> entries = json->elements();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].at("file").as_text(), "a.c");
  EXPECT_EQ(entries[0].at("directory").as_text(), "/w/build");
  EXPECT_EQ(entries[0].at("arguments").elements().size(), 6U);
}

}  // namespace
}  // namespace zc::cli
