#include "cli/prometheus.h"

#include <map>
#include <optional>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::cli {
namespace {

using history::CommandRecord;
using history::Outcome;

// Reads the text format as its description has it, and nothing that only some readers take: each
// metric has its help, its type and its samples in a row; no sample comes twice; a counter ends in
// _total. Nothing: the text breaks a rule; `problem` says where.
class StrictReader {
 public:
  explicit StrictReader(const std::string& text) {
    if (!text.ends_with('\n')) {
      problem = "the last line has no end";
      return;
    }
    for (const std::string_view line :
         split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
      if (!read(std::string(line))) {
        problem = line;
        return;
      }
    }
  }

  std::map<std::string, double> samples;  // by name with its label
  std::optional<std::string> problem;

 private:
  bool read(const std::string& line) {
    static const std::regex help("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\\]|\\\\\\\\|\\\\n)+");
    static const std::regex type("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)");
    static const std::regex sample(
        "(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*"
        "\"\\})?)"
        " ([0-9]+(?:\\.[0-9]+)?)");
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      has_type_ = false;
      return metrics_.insert(metric_ = match[1]).second;
    }
    if (std::regex_match(line, match, type)) {
      const bool is_counter = match[2] == "counter";
      return !std::exchange(has_type_, true) && match[1] == metric_ &&
             is_counter == metric_.ends_with("_total");
    }
    return std::regex_match(line, match, sample) && has_type_ && match[2] == metric_ &&
           samples.emplace(match[1], std::stod(match[3])).second;
  }

  std::set<std::string> metrics_;
  std::string metric_;
  bool has_type_ = false;
};

CommandRecord compile(Outcome outcome) {
  return {.start_ns = 1,
          .latency_ns = 500'000'000,
          .outcome = outcome,
          .compiler = "/usr/bin/gcc",
          .cwd = "/w",
          .source = "a.c",
          .exit_code = 0,
          .compiler_ns = 2'000'000'000,
          .output_bytes = 10};
}

TEST(Prometheus, TheReaderIsStrict) {
  const std::string head = "# HELP a_total Text.\n# TYPE a_total counter\n";
  EXPECT_FALSE(StrictReader(head + "a_total{x=\"\\\"\\\\\\n\"} 1.5\n").problem);
  for (const char* rest : {"a_total 1", "a_total  1\n", "b_total 1\n", "a_total{x=\"\"\"} 1\n",
                           "a_total 1\na_total 2\n", "a_total one\n", "\n", "a_total -1\n",
                           "# HELP a_total Again.\n", "# TYPE a_total gauge\n"}) {
    EXPECT_TRUE(StrictReader(head + rest).problem) << rest;
  }
  EXPECT_TRUE(StrictReader("# HELP a Text.\n# TYPE a counter\n").problem);
}

TEST(Prometheus, HasTheTotals) {
  StatusFigures shown;
  shown.lasting.add(compile(Outcome::kHit));
  shown.lasting.add(compile(Outcome::kHit));
  shown.lasting.add(compile(Outcome::kMiss));
  CommandRecord refused = compile(Outcome::kMiss);
  refused.reason = "side_effect";
  shown.lasting.add(refused);
  CommandRecord odd = refused;
  odd.reason = "a \"reason\"\nof a \\ newer version";
  shown.lasting.add(odd);
  shown.daemon =
      codec::Json::parse(
          R"({"uptime_secs":9,"daemon_rss_bytes":8,"running":[{},{}],"store":{"blob_bytes":5,
                         "index_bytes":6,"results":7,"size_bytes_max":20}})")
          .value_or(codec::Json());
  const StrictReader read(prometheus_text(shown));
  ASSERT_FALSE(read.problem) << *read.problem;
  EXPECT_EQ(read.samples.at("zccache_commands_total{outcome=\"hit\"}"), 2);
  EXPECT_EQ(read.samples.at("zccache_commands_total{outcome=\"not_cached\"}"), 2);
  EXPECT_EQ(read.samples.at("zccache_not_cached_total{reason=\"side_effect\"}"), 1);
  EXPECT_EQ(read.samples.at("zccache_not_cached_seconds_total{reason=\"side_effect\"}"), 2);
  EXPECT_EQ(read.samples.at("zccache_time_saved_seconds_total"), 3);
  EXPECT_EQ(read.samples.at("zccache_compiler_seconds_total"), 6);
  EXPECT_EQ(read.samples.at("zccache_served_bytes_total"), 20);
  EXPECT_EQ(read.samples.at("zccache_running_commands"), 2);
  EXPECT_EQ(read.samples.at("zccache_store_bytes"), 11);
  EXPECT_EQ(read.samples.at("zccache_daemon_up"), 1);
  double commands = 0;
  for (const auto& [name, value] : read.samples) {
    commands += name.starts_with("zccache_commands_total") ? value : 0;
  }
  EXPECT_EQ(commands, 5) << "each command has one outcome";
}

TEST(Prometheus, NeedsNoDaemon) {
  const StrictReader read(prometheus_text({}));
  ASSERT_FALSE(read.problem) << *read.problem;
  EXPECT_EQ(read.samples.at("zccache_daemon_up"), 0);
  EXPECT_FALSE(read.samples.contains("zccache_running_commands"));
}

}  // namespace
}  // namespace zc::cli
