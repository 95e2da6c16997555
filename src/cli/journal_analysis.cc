#include "cli/journal_analysis.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "cli/format.h"
#include "history/crate.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::CommandRecord;
using history::Outcome;
using Group = Analysis::Group;
using GroupRow = std::pair<std::string, Group>;

constexpr std::string_view kUnknownName = "<unknown>";
constexpr std::uint64_t kNsPerMillisecond = 1'000'000;
constexpr std::size_t kSlowestMax = 20;
constexpr std::size_t kMissCratesMax = 10;

// Not among the outcomes of records: commands that were left alone, or failed.
constexpr std::string_view kNonCacheable = "non-cacheable";
constexpr std::array<std::string_view, 7> kOutcomeWords = {
    "hit", "miss", "error", "cached_error", "link_hit", "link_miss", kNonCacheable};

bool is_link(const CommandRecord& record) {
  return record.outcome == Outcome::kLinkHit || record.outcome == Outcome::kLinkMiss;
}

// As status and session-stats count them.
bool is_not_kept(const CommandRecord& record) {
  return !record.reason.empty();
}

bool has_outcome(const CommandRecord& record, std::string_view wanted) {
  const std::string_view outcome = text_of(record.outcome);
  if (wanted == kNonCacheable) {
    return record.outcome == Outcome::kError || is_not_kept(record);
  }
  if (wanted == "miss" && is_not_kept(record)) {
    return false;
  }
  const bool is_wanted_link = (wanted == "hit" && record.outcome == Outcome::kLinkHit) ||
                              (wanted == "miss" && record.outcome == Outcome::kLinkMiss);
  return outcome == wanted || is_wanted_link;
}

std::string or_unknown(std::string text) {
  return text.empty() ? std::string(kUnknownName) : std::move(text);
}

history::Crate crate_in(const CommandRecord& record) {
  return record.crate_name.empty()
             ? history::crate_of(record)
             : history::Crate{.name = record.crate_name, .type = record.crate_type};
}

bool is_wanted(const CommandRecord& record, const AnalysisWish& wish) {
  return (wish.session.empty() || record.session_id == wish.session) &&
         (wish.crate.empty() || or_unknown(crate_in(record).name) == wish.crate) &&
         (wish.outcome.empty() || has_outcome(record, wish.outcome));
}

void count(const CommandRecord& record, Group& group) {
  ++group.calls;
  group.ns += duration_ns(record);
  switch (record.outcome) {
    case Outcome::kHit:
    case Outcome::kLinkHit:
      ++group.hits;
      return;
    case Outcome::kMiss:
    case Outcome::kLinkMiss:
      ++(is_not_kept(record) ? group.not_kept : group.misses);
      return;
    case Outcome::kError:
    case Outcome::kCachedError:
      ++group.errors;
      return;
  }
}

void add(const CommandRecord& record, Analysis& out) {
  history::Crate crate = crate_in(record);
  const std::string tool(base_name(record.compiler));
  count(record, is_link(record) ? out.links : out.compiles);
  count(record, out.by_extension[or_unknown(record.output_ext.empty() ? output_extension_of(record)
                                                                      : record.output_ext)]);
  count(record, out.by_tool[tool]);
  count(record, out.by_crate[or_unknown(crate.name)]);
  out.slowest.push_back({.outcome = std::string(text_of(record.outcome)),
                         .crate_name = or_unknown(std::move(crate.name)),
                         .crate_type = std::move(crate.type),
                         .tool = tool,
                         .ns = duration_ns(record)});
}

void keep_slowest(std::vector<Analysis::Slow>& commands) {
  std::ranges::stable_sort(commands, std::greater(), &Analysis::Slow::ns);
  commands.resize(std::min(commands.size(), kSlowestMax));
}

std::uint64_t weight(const Group& group, CrateOrder order) {
  switch (order) {
    case CrateOrder::kWallClock:
      return group.ns;
    case CrateOrder::kMisses:
      return group.misses;
    case CrateOrder::kHits:
      return group.hits;
  }
  return 0;
}

// The heaviest first.
std::vector<GroupRow> rows_of(const Analysis::Groups& groups, CrateOrder order,
                              std::size_t rows_max) {
  std::vector<GroupRow> out(groups.begin(), groups.end());
  std::ranges::stable_sort(out, std::greater(),
                           [&](const GroupRow& row) { return weight(row.second, order); });
  out.resize(std::min(out.size(), rows_max));
  return out;
}

Json ms(std::uint64_t ns) {
  return Json::count(ns / kNsPerMillisecond);
}

Json describe(const GroupRow& row) {
  Json out = Json::object();
  out.set("crate_name", Json::text(row.first));
  out.set("hits", Json::count(row.second.hits));
  out.set("misses", Json::count(row.second.misses));
  out.set("errors", Json::count(row.second.errors));
  out.set("total_ms", ms(row.second.ns));
  return out;
}

Json describe(const Analysis::Slow& slow) {
  Json out = Json::object();
  out.set("outcome", Json::text(slow.outcome));
  out.set("crate_name", Json::text(slow.crate_name));
  out.set("crate_type", slow.crate_type.empty() ? Json() : Json::text(slow.crate_type));
  out.set("tool", Json::text(slow.tool));
  out.set("ms", ms(slow.ns));
  return out;
}

void describe_totals(const Analysis& analysis, Json& out) {
  const std::uint64_t lookups = analysis.compiles.hits + analysis.compiles.misses;
  out.set("compile_count", Json::count(analysis.compiles.calls));
  out.set("link_count", Json::count(analysis.links.calls));
  out.set("hit_count", Json::count(analysis.compiles.hits));
  out.set("miss_count", Json::count(analysis.compiles.misses));
  out.set("error_count", Json::count(analysis.compiles.errors));
  out.set("non_cacheable_count", Json::count(analysis.compiles.not_kept + analysis.links.not_kept));
  out.set("link_hit_count", Json::count(analysis.links.hits));
  out.set("link_miss_count", Json::count(analysis.links.misses));
  out.set("hit_rate", lookups == 0 ? Json()
                                   : Json::number(static_cast<double>(analysis.compiles.hits) /
                                                  static_cast<double>(lookups)));
  out.set("total_latency_ms", ms(analysis.compiles.ns + analysis.links.ns));
}

void describe_groups(const Analysis& analysis, Json& out) {
  Json extensions = Json::object();
  for (const auto& [name, group] : analysis.by_extension) {
    Json one = Json::object();
    one.set("hits", Json::count(group.hits));
    one.set("misses", Json::count(group.misses));
    one.set("total_ms", ms(group.ns));
    extensions.set(name, std::move(one));
  }
  Json times = Json::object();
  Json calls = Json::object();
  for (const auto& [name, group] : analysis.by_tool) {
    times.set(name, ms(group.ns));
    calls.set(name, Json::count(group.calls));
  }
  out.set("by_extension", std::move(extensions));
  out.set("by_tool_total_ms", std::move(times));
  out.set("by_tool_calls", std::move(calls));
}

// Text to the right of a column.
std::string right(std::string_view text, std::size_t width) {
  return str_cat(std::string(width - std::min(width, text.size()), ' '), text);
}

void list_groups(std::string& out, std::string_view title, const std::vector<GroupRow>& rows) {
  constexpr std::size_t kCountWidth = 8;
  constexpr std::size_t kTimeWidth = 10;
  str_append(out, '\n', title, '\n', right("hits", kCountWidth), right("misses", kCountWidth),
             right("errors", kCountWidth), right("time", kTimeWidth), '\n');
  for (const auto& [name, group] : rows) {
    str_append(out, right(str_cat(group.hits), kCountWidth),
               right(str_cat(group.misses), kCountWidth), right(str_cat(group.errors), kCountWidth),
               right(format_duration(group.ns / kNsPerMillisecond), kTimeWidth), "  ", name, '\n');
  }
}

}  // namespace

bool is_known_outcome(std::string_view outcome) {
  return std::ranges::find(kOutcomeWords, outcome) != kOutcomeWords.end();
}

Analysis analyze_journal(std::string_view text, const AnalysisWish& wish) {
  Analysis out;
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) {
      continue;
    }
    ++out.lines;
    const auto record = history::decode(line);
    if (!record) {
      ++out.malformed;
      continue;
    }
    ++out.parsed;
    if (is_wanted(*record, wish)) {
      add(*record, out);
      if (out.slowest.size() > 2 * kSlowestMax) {
        keep_slowest(out.slowest);
      }
    }
  }
  keep_slowest(out.slowest);
  return out;
}

std::optional<std::string> not_a_journal(std::string_view text, const Analysis& analysis) {
  if (analysis.parsed > 0) {
    return std::nullopt;
  }
  if (analysis.lines == 0) {
    return "the file is empty";
  }
  const Result<Json> whole = Json::parse(text);
  if (!whole) {
    return "no line of the file is an entry of a journal";
  }
  return whole->at("lookup_outcomes").is_null()
             ? "the file is a JSON document, not a journal"
             : "the file has the figures of a session, not a journal; for their phases, see "
               "zccache engine-profile";
}

Json to_json(const Analysis& analysis, const AnalysisWish& wish, std::string_view path) {
  Json out = Json::object();
  out.set("status", Json::text("ok"));
  out.set("schema_version", Json::count(1));
  out.set("journal_path", Json::text(path));
  out.set("line_count", Json::count(analysis.lines));
  out.set("parsed_count", Json::count(analysis.parsed));
  describe_totals(analysis, out);
  describe_groups(analysis, out);
  Json slowest = Json::array();
  for (std::size_t i = 0; i < std::min(analysis.slowest.size(), wish.rows_max); ++i) {
    slowest.append(describe(analysis.slowest[i]));
  }
  out.set("top_slowest", std::move(slowest));
  Json missed = Json::array();
  for (const GroupRow& row :
       rows_of(analysis.by_crate, CrateOrder::kMisses, std::min(kMissCratesMax, wish.rows_max))) {
    if (row.second.misses > 0) {
      Json one = Json::object();
      one.set("crate_name", Json::text(row.first));
      one.set("misses", Json::count(row.second.misses));
      missed.append(std::move(one));
    }
  }
  out.set("top_miss_crates", std::move(missed));
  Json crates = Json::array();
  for (const GroupRow& row : rows_of(analysis.by_crate, wish.order, wish.rows_max)) {
    crates.append(describe(row));
  }
  out.set("by_crate", std::move(crates));
  return out;
}

std::string to_text(const Analysis& analysis, const AnalysisWish& wish) {
  const Group& compiles = analysis.compiles;
  const Group& links = analysis.links;
  std::string out =
      str_cat("commands:  ", analysis.calls(), " of ", analysis.parsed,
              "\ncompiles:  ", compiles.calls, " (", compiles.hits, " hits, ", compiles.misses,
              " misses, ", compiles.errors, " errors, ", compiles.not_kept,
              " not cached)\nlinks:     ", links.calls, " (", links.hits, " hits, ", links.misses,
              " misses)\nhit rate:  ", format_rate(compiles.hits, compiles.hits + compiles.misses),
              "\ntime:      ", format_duration((compiles.ns + links.ns) / kNsPerMillisecond), '\n');
  list_groups(out, "By tool", rows_of(analysis.by_tool, CrateOrder::kWallClock, wish.rows_max));
  list_groups(out, "By kind of output",
              rows_of(analysis.by_extension, CrateOrder::kWallClock, wish.rows_max));
  list_groups(out, "By crate", rows_of(analysis.by_crate, wish.order, wish.rows_max));
  return out;
}

}  // namespace zc::cli
