#include "cli/top_screen.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/path.h"
#include "base/str.h"
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
constexpr std::array<std::string_view, 4> kColors = {"\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[31m"};

std::string_view letter_of(Shown shown) {
  constexpr std::string_view kLetters = "HMNF";
  return kLetters.substr(static_cast<std::size_t>(shown), 1);
}

// The beginning of a character of UTF-8; its other bytes take no columns.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// From U+1100 on, where the first ones that are two columns wide are.
bool may_be_wide(char c) {
  return static_cast<unsigned char>(c) >= 0xE1;
}

std::string padded(std::string text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + std::move(text);
}

std::string what_and_why(const CommandRecord& record) {
  const std::string why = cause_of(record);
  return str_cat(name_of(record, record.cwd), why.empty() ? "" : ": ", why);
}

class Lines {
 public:
  explicit Lines(const TopLayout& layout) : layout_(layout) {}

  void add(std::string_view text, std::string_view style = {}) {
    if (left() > 0) {
      const std::string line = fit(text, layout_.columns);
      lines_.push_back(layout_.has_colors && !style.empty() ? str_cat(style, line, kPlain) : line);
    }
  }
  void add_heading(std::string_view text) {
    add("");
    add(text, kBold);
  }
  std::size_t left() const { return layout_.rows - std::min(layout_.rows, lines_.size()); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  const TopLayout& layout_;
  std::vector<std::string> lines_;
};

// Also more reasons than a tally names.
std::uint64_t not_cached_in(const Tally& tally) {
  return tally.compilations - std::min(tally.compilations, tally.served() + tally.kept());
}

// The rates are those of `status`: the first one is that of compiles.
std::string counts_text(const Tally& tally) {
  std::string out = str_cat(counted(tally.served(), "hit"), ", ", counted(tally.kept(), "miss"),
                            ", ", not_cached_in(tally), " not cached, hit rate ",
                            format_rate(tally.hits, tally.hits + tally.misses));
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
    out.add(str_cat("Daemon   ", counts_text(since_start(daemon))));
  }
  out.add(str_cat("Now      ", counts_text(counts.tally()), ", saved ",
                  duration_of(counts.tally().saved_ns)));
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
    out.add(str_cat(padded(format_duration(command.at("age_ms").as_u64()), kTookWidth), "    ",
                    base_name(command.at("compiler").as_text()), "  ",
                    command.at("subject").as_text(), reason.empty() ? "" : ": ", reason));
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

}  // namespace

std::string fit(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t used = 0;
  for (const char c : printable(text)) {
    if (begins_character(c)) {
      used += may_be_wide(c) ? 2 : 1;
      if (used > columns) {
        break;
      }
    }
    out += c;
  }
  return out;
}

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

std::string top_line(const CommandRecord& record) {
  return str_cat(letter_of(shown_of(record)),
                 padded(duration_of(duration_ns(record)), kTookWidth + 2), "  ",
                 what_and_why(record));
}

std::vector<std::string> top_lines(const TopCounts& counts, const TopMoment& moment,
                                   const TopLayout& layout) {
  const std::vector<Json> running =
      moment.daemon ? moment.daemon->at("running").elements() : std::vector<Json>();
  Lines out(layout);
  add_head(counts, moment, running.size(), out);
  // A third of what is left for what runs, and a quarter of the rest for reasons.
  add_running(running, out.left() / 3, out);
  const std::size_t reasons = out.left() > 8 ? out.left() / 4 : 0;
  add_reasons(counts, reasons, out);
  out.add_heading("Last commands (H hit, M miss, N not cached, F failed; q quits)");
  for (const CommandRecord& record : counts.last()) {
    out.add(top_line(record), kColors.at(static_cast<std::size_t>(shown_of(record))));
  }
  return out.take();
}

}  // namespace zc::cli
