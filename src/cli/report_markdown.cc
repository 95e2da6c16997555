#include <algorithm>

#include "base/str.h"
#include "cli/report.h"
#include "cli/report_words.h"
#include "history/build_comparison.h"

namespace zc::cli {

namespace {

using history::Build;
using history::CommandRecord;

constexpr std::size_t kMarkdownRowsMax = 10;

// In a cell of a table: nothing in it is markup.
std::string cell(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_{}[]<>()#+!|~&";
  std::string out;
  for (const char c : text) {
    if (kMarkup.contains(c)) {
      out += '\\';
    }
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

void row(std::string& out, std::initializer_list<std::string_view> cells) {
  out += '|';
  for (const std::string_view text : cells) {
    str_append(out, ' ', cell(text), " |");
  }
  out += '\n';
}

void add_figures(const Report& report, std::string& out) {
  const std::vector<Figure> now = figures_of(report.build);
  if (!report.before) {
    out += "| | |\n|---|---:|\n";
    for (const Figure& figure : now) {
      row(out, {figure.name, figure.value});
    }
    return;
  }
  const std::vector<Figure> before = figures_of(*report.before);
  out += "| | now | before |\n|---|---:|---:|\n";
  for (const Figure& figure : now) {
    const auto then = std::ranges::find(before, figure.name, &Figure::name);
    row(out, {figure.name, figure.value, then == before.end() ? "" : then->value});
  }
}

// Behind a table of at most kMarkdownRowsMax rows.
void add_rest(std::size_t all, std::string& out) {
  if (all > kMarkdownRowsMax) {
    str_append(out, "\n… and ", all - kMarkdownRowsMax, " more.\n");
  }
}

void add_failures(const Build& build, std::string& out) {
  const std::vector<std::size_t> failed = failures(build);
  if (failed.empty()) {
    return;
  }
  out += "\n### Failed\n\n| took | command | result |\n|---:|---|---|\n";
  const std::string place = place_of(build);
  for (std::size_t i = 0; i < std::min(failed.size(), kMarkdownRowsMax); ++i) {
    const CommandRecord& record = build.commands[failed[i]];
    row(out, {duration_of(duration_ns(record)), name_of(record, place), failure_text(record)});
  }
  add_rest(failed.size(), out);
}

void add_misses(const Build& build, std::string& out) {
  const std::vector<std::size_t> misses = dearest_misses(build);
  if (misses.empty()) {
    return;
  }
  out += "\n### Dearest misses\n\n| took | command | why |\n|---:|---|---|\n";
  const std::string place = place_of(build);
  for (std::size_t i = 0; i < std::min(misses.size(), kMarkdownRowsMax); ++i) {
    const CommandRecord& record = build.commands[misses[i]];
    row(out, {duration_of(record.compiler_ns), name_of(record, place), cause_of(record)});
  }
  add_rest(misses.size(), out);
}

void add_reasons(const Build& build, std::string& out) {
  const std::vector<history::Cause> reasons = reasons_of(build.commands);
  if (reasons.empty()) {
    return;
  }
  out += "\n### Not cached\n\n| commands | reason | among them |\n|---:|---|---|\n";
  for (const history::Cause& reason : reasons) {
    row(out, {str_cat(reason.commands), reason.text, reason.about.front()});
  }
}

void add_larger_caches(const Build& build, std::string& out) {
  const std::vector<Figure> rooms = larger_caches(build);
  if (rooms.empty()) {
    return;
  }
  out += "\n### A larger cache\n\n| room | would have been |\n|---:|---|\n";
  for (const Figure& room : rooms) {
    row(out, {room.name, room.value});
  }
}

void add_comparison(const Report& report, std::string& out) {
  if (!report.before) {
    return;
  }
  const history::BuildComparison comparison = compare(*report.before, report.build);
  str_append(out, "\n### Compared with the build before\n\nHits then, none now: ",
             comparison.worse.size(), ". Hits now, none then: ", comparison.better.size(),
             ". New: ", comparison.added.size(), ". Gone: ", comparison.gone.size(), ".\n");
  if (comparison.worse.empty()) {
    return;
  }
  out += "\n| no hit any more | why |\n|---|---|\n";
  const std::string place = place_of(report.build);
  for (std::size_t i = 0; i < std::min(comparison.worse.size(), kMarkdownRowsMax); ++i) {
    const CommandRecord& record = *comparison.worse[i].second;
    row(out, {name_of(record, place), cause_of(record)});
  }
}

}  // namespace

std::string report_markdown(const Report& report) {
  std::string out =
      str_cat("## zccache: ", cell(place_of(report.build)), "\n\n", span_of(report.build), "\n\n");
  add_figures(report, out);
  add_failures(report.build, out);
  add_misses(report.build, out);
  add_reasons(report.build, out);
  add_larger_caches(report.build, out);
  add_comparison(report, out);
  return out;
}

}  // namespace zc::cli
