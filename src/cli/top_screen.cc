#include "cli/top_screen.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "cli/fit.h"
#include "cli/format.h"
#include "cli/report_words.h"
#include "cli/status_text.h"
#include "history/build.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::Answer;
using history::CommandRecord;
using history::Tally;

// Beyond them, a reason counts for "others".
constexpr std::size_t kReasonsMax = 500;

// In characters.
constexpr std::size_t kTookWidth = 7;

// Select Graphic Rendition of ECMA-48.
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::array<std::string_view, 4> kColors = {"\x1b[32m", "\x1b[33m", kDim, "\x1b[31m"};

// None of the lines is wider than 80 columns.
constexpr std::string_view kTopHelp =
    R"(Daemon   commands since the daemon began; the hit rate is that of compiles
Now      the same since top began, and what compilers would have taken longer
Store    what the cache holds, of what it may hold
Machine  how busy it is, and the jobs of the make above what compiles

A line is a command, and how long it took:
  H  hit: served from the cache
  M  miss: it ran, and its result is kept; why it was no hit follows
  N  not cached: left alone, or not kept, for the reason that follows
  F  failed, with or without the cache

Keys
  q, Ctrl-C  the end
  ?, h       this help, and back

zccache explain FILE says more of a command, zccache status of the cache.)";

std::string_view letter_of(Shown shown) {
  constexpr std::string_view kLetters = "HMNF";
  return kLetters.substr(static_cast<std::size_t>(shown), 1);
}

std::string padded(std::string text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + std::move(text);
}

// A line about a file: of its path, the end stays, in half of the room at least.
std::string line_about(std::string_view lead, std::string_view path, std::string_view why,
                       std::size_t columns) {
  const std::string end = why.empty() ? std::string() : str_cat(": ", why);
  const std::size_t room = columns - std::min(columns, width_of(lead));
  const std::size_t rest = room - std::min(room, width_of(end));
  return fit(str_cat(lead, fit_end(path, std::max(rest, room / 2)), end), columns);
}

class Lines {
 public:
  // The last row is that of the keys.
  explicit Lines(const TopLayout& layout)
      : layout_(layout), rows_(layout.size.rows - (layout.size.rows > 1 ? 1 : 0)) {}

  void add(std::string_view text, std::string_view style = {}) {
    if (left() > 0) {
      lines_.push_back(styled(text, style));
    }
  }
  void add_heading(std::string_view text) {
    add("");
    add(text, kBold);
  }
  std::size_t columns() const { return layout_.size.columns; }
  std::size_t left() const { return rows_ - std::min(rows_, lines_.size()); }
  std::vector<std::string> take(std::string_view keys) {
    if (rows_ < layout_.size.rows) {
      lines_.resize(rows_);
      lines_.push_back(styled(keys, kDim));
    }
    return std::move(lines_);
  }

 private:
  std::string styled(std::string_view text, std::string_view style) const {
    const std::string line = fit(text, layout_.size.columns);
    return layout_.has_colors && !style.empty() ? str_cat(style, line, kPlain) : line;
  }

  const TopLayout& layout_;
  const std::size_t rows_;
  std::vector<std::string> lines_;
};

// Also more reasons than a tally names.
std::uint64_t not_cached_in(const Tally& tally) {
  return tally.compilations - std::min(tally.compilations, tally.served() + tally.kept());
}

// The rates are those of `status`: the first one is that of compiles.
std::string counts_text(const Tally& tally, std::string_view saved) {
  std::string out = str_cat(counted(tally.served(), "hit"), ", ", counted(tally.kept(), "miss"),
                            ", ", not_cached_in(tally), " not cached, hit rate ",
                            format_rate(tally.hits, tally.hits + tally.misses), saved);
  if (const std::uint64_t links = tally.link_hits + tally.link_misses; links > 0) {
    str_append(out, ", links ", format_rate(tally.link_hits, links));
  }
  return out;
}

std::string store_line(const Json& daemon) {
  const Json store = daemon.at("store");
  const std::uint64_t limit = store.at("size_bytes_max").as_u64();
  std::string out = str_cat("Store    ", format_bytes(store.at("blob_bytes").as_u64() +
                                                      store.at("index_bytes").as_u64()));
  if (limit > 0) {
    str_append(out, " of ", format_bytes(limit));
  }
  return str_cat(out, ", ", counted(store.at("results").as_u64(), "result"));
}

std::string machine_line(const TopMoment& moment, std::size_t running) {
  std::string out =
      str_cat("Machine  ", running, " compile now, ", counted(moment.processors, "processor"));
  if (moment.load) {
    const auto tenths = static_cast<std::uint64_t>(*moment.load * 10);
    str_append(out, ", load ", tenths / 10, '.', tenths % 10);
  }
  if (moment.jobs) {
    str_append(out, ", make -j", *moment.jobs);
  }
  if (moment.free_jobs) {
    str_append(out, ", ", counted(*moment.free_jobs, "job"), " free");
  }
  return out;
}

void add_head(const TopCounts& counts, const TopMoment& moment, std::size_t running, Lines& out) {
  if (!moment.daemon) {
    out.add("zccache top: no daemon runs; it starts with the next compile", kBold);
  } else {
    const Json& daemon = *moment.daemon;
    out.add(str_cat("zccache ", daemon.at("version").as_text(), ", up ",
                    format_uptime(daemon.at("uptime_secs").as_u64())),
            kBold);
    out.add(str_cat("Daemon   ", counts_text(since_start(daemon), {})));
  }
  const std::string saved = str_cat(", saved ", duration_of(counts.tally().saved_ns));
  out.add(str_cat("Now      ", counts_text(counts.tally(), saved)));
  if (moment.daemon) {
    out.add(store_line(*moment.daemon));
  }
  out.add(machine_line(moment, running));
}

void add_running(const std::vector<Json>& running, std::size_t most, Lines& out) {
  if (running.empty()) {
    return;
  }
  out.add_heading(str_cat("Compiling (", running.size(), ')'));
  for (std::size_t i = 0; i < std::min(running.size(), most); ++i) {
    const Json& command = running[i];
    const std::string reason = command.at("reason").as_text();
    const std::string lead =
        str_cat(padded(format_duration(command.at("age_ms").as_u64()), kTookWidth), "    ",
                base_name(command.at("compiler").as_text()), "  ");
    out.add(line_about(lead, command.at("subject").as_text(), reason, out.columns()));
  }
}

void add_reasons(const TopCounts& counts, std::size_t most, Lines& out) {
  std::vector<std::pair<std::string, std::uint64_t>> reasons(counts.reasons().begin(),
                                                             counts.reasons().end());
  if (reasons.empty() || most == 0) {
    return;
  }
  std::ranges::stable_sort(reasons, std::ranges::greater(), [](const auto& r) { return r.second; });
  out.add_heading("Why not from the cache");
  for (std::size_t i = 0; i < std::min(reasons.size(), most); ++i) {
    out.add(str_cat(padded(str_cat(reasons[i].second), kTookWidth), "    ", reasons[i].first));
  }
}

std::vector<std::string> help_lines(const TopLayout& layout) {
  Lines out(layout);
  for (const std::string_view line : split(kTopHelp, '\n')) {
    out.add(line);
  }
  return out.take("q quits, ? goes back");
}

}  // namespace

void TopCounts::add(const CommandRecord& record) {
  tally_.add(record);
  if (const Answer answer = answer_to(record); answer != Answer::kHit) {
    const std::string reason =
        answer == Answer::kMiss ? history::cause_of_miss(record) : record.reason;
    const bool is_full = reasons_.size() >= kReasonsMax && !reasons_.contains(reason);
    ++reasons_[is_full ? std::string("others") : reason];
  }
  last_.push_front(record);
  if (last_.size() > kLastMax) {
    last_.pop_back();
  }
}

std::string top_line(const CommandRecord& record, std::size_t columns) {
  const std::string lead = str_cat(letter_of(shown_of(record)),
                                   padded(duration_of(duration_ns(record)), kTookWidth + 2), "  ");
  const std::string name = name_of(record, record.cwd);
  const std::string why = cause_of(record);
  // Of words, the beginning stays.
  return has_subject(record) ? line_about(lead, name, why, columns)
                             : fit(str_cat(lead, name, why.empty() ? "" : ": ", why), columns);
}

std::vector<std::string> top_lines(const TopCounts& counts, const TopMoment& moment,
                                   const TopLayout& layout) {
  if (layout.shows_help) {
    return help_lines(layout);
  }
  const std::vector<Json> running =
      moment.daemon ? moment.daemon->at("running").elements() : std::vector<Json>();
  Lines out(layout);
  add_head(counts, moment, running.size(), out);
  // A third of what is left for what runs, and a quarter of the rest for reasons.
  add_running(running, out.left() / 3, out);
  const std::size_t reasons = out.left() > 8 ? out.left() / 4 : 0;
  add_reasons(counts, reasons, out);
  out.add_heading("Last commands (H hit, M miss, N not cached, F failed)");
  for (const CommandRecord& record : counts.last()) {
    out.add(top_line(record, layout.size.columns),
            kColors.at(static_cast<std::size_t>(shown_of(record))));
  }
  return out.take("q quits, ? shows help");
}

}  // namespace zc::cli
