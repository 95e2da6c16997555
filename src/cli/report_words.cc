#include "cli/report_words.h"

#include <algorithm>
#include <array>
#include <functional>

#include "base/str.h"
#include "cli/format.h"
#include "codec/utc_text.h"
#include "history/tally.h"

namespace zc::cli {

namespace {

using history::Answer;
using history::Build;
using history::CommandRecord;
using history::Tally;

constexpr std::array<std::string_view, 4> kShown = {"hit", "miss", "not cached", "failed"};

// The longest directory that both paths are in or are.
std::string_view common(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  const auto same = static_cast<std::size_t>(in_a - a.begin());
  const auto ends = [&](std::string_view path) { return path.size() == same || path[same] == '/'; };
  return ends(a) && ends(b) ? a.substr(0, same) : a.substr(0, a.substr(0, same).rfind('/'));
}

}  // namespace

Shown shown_of(const CommandRecord& record) {
  if (has_failed(record)) {
    return Shown::kFailure;
  }
  switch (answer_to(record)) {
    case Answer::kHit:
      return Shown::kHit;
    case Answer::kMiss:
      return Shown::kMiss;
    case Answer::kNotCached:
      break;
  }
  return Shown::kNotCached;
}

std::string_view text_of(Shown shown) {
  return kShown.at(static_cast<std::size_t>(shown));
}

std::string place_of(const Build& build) {
  std::string_view out = build.commands.empty() ? "" : std::string_view(build.commands[0].cwd);
  for (const CommandRecord& record : build.commands) {
    out = common(out, record.cwd);
  }
  return out.empty() ? "/" : std::string(out);
}

std::string name_of(const CommandRecord& record, std::string_view place) {
  if (!has_subject(record)) {
    return words_of(record);
  }
  const std::string subject = subject_of(record);
  const std::string below = place == "/" ? std::string(place) : str_cat(place, '/');
  return subject.starts_with(below) ? subject.substr(below.size()) : subject;
}

std::string duration_of(std::uint64_t ns) {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  return format_duration(ns / kNsPerMs);
}

std::string span_of(const Build& build) {
  const auto ns = static_cast<std::uint64_t>(build.end_ns() - build.begin_ns());
  return str_cat(codec::utc_text(build.begin_ns()), ", ", counted(build.commands.size(), "command"),
                 " in ", duration_of(ns));
}

std::vector<Figure> figures_of(const Build& build) {
  const Tally tally = tally_of(build.commands);
  const std::vector<std::size_t> lanes = lanes_of(build);
  const std::size_t most = lanes.empty() ? 0 : 1 + *std::ranges::max_element(lanes);
  const auto count = [](std::uint64_t number) { return str_cat(number); };
  std::vector<Figure> out = {
      {.name = "Commands", .value = count(tally.compilations), .note = {}},
      {.name = "Hits", .value = count(tally.served()), .note = {}},
      {.name = "Misses", .value = count(tally.kept()), .note = {}},
      {.name = "Not cached", .value = count(tally.not_kept()), .note = {}},
      {.name = "Failed", .value = count(failures(build).size()), .note = "of the above"},
      {.name = "Hit rate",
       .value = format_rate(tally.hits, tally.hits + tally.misses),
       .note = "of compiles that succeeded"},
      {.name = "Hit rate of all",
       .value = format_rate(tally.served(), tally.compilations),
       .note = "of all commands"},
  };
  if (const std::uint64_t links = tally.link_hits + tally.link_misses; links > 0) {
    out.push_back({.name = "Link hit rate",
                   .value = format_rate(tally.link_hits, links),
                   .note = str_cat(tally.link_hits, " of ", links)});
  }
  out.push_back({.name = "Time saved", .value = duration_of(tally.saved_ns), .note = {}});
  out.push_back({.name = "Compiled for", .value = duration_of(tally.compiler_ns), .note = {}});
  out.push_back(
      {.name = "Duration",
       .value = duration_of(static_cast<std::uint64_t>(build.end_ns() - build.begin_ns())),
       .note = {}});
  out.push_back({.name = "At once", .value = count(most), .note = "commands at most"});
  return out;
}

std::vector<Figure> larger_caches(const Build& build) {
  const Tally tally = tally_of(build.commands);
  std::vector<Figure> out;
  for (const Tally::Room& room : tally.hits_with_more_room()) {
    out.push_back(
        {.name = str_cat('+', format_bytes(room.bytes)),
         .value = format_more_hits(room.hits, tally.served(), tally.served() + tally.kept()),
         .note = {}});
  }
  return out;
}

std::string compared_text(const CommandRecord& record) {
  if (!record.why) {
    return {};
  }
  switch (record.why->compared) {
    case history::Compared::kNothing:
      return "Nothing like it was known: it was compiled for the first time.";
    case history::Compared::kNearest:
      return str_cat("It was compiled for the first time. The nearest command, in ",
                     record.why->place, ", differs in this:");
    case history::Compared::kLast:
      break;
  }
  if (!record.why->changes.empty()) {
    return {};
  }
  return record.why->reason.empty()
             ? std::string("Nothing that is remembered has changed.")
             : str_cat("Nothing has changed, but no result was there: ", record.why->reason, '.');
}

std::vector<std::size_t> dearest_misses(const Build& build) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < build.commands.size(); ++i) {
    if (answer_to(build.commands[i]) == Answer::kMiss) {
      out.push_back(i);
    }
  }
  std::ranges::stable_sort(out, std::ranges::greater(),
                           [&](std::size_t i) { return build.commands[i].compiler_ns; });
  return out;
}

std::vector<std::size_t> failures(const Build& build) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < build.commands.size(); ++i) {
    if (has_failed(build.commands[i])) {
      out.push_back(i);
    }
  }
  return out;
}

std::string failure_text(const CommandRecord& record) {
  return str_cat("exit code ", record.exit_code.value_or(0),
                 answer_to(record) == Answer::kHit ? ", from the cache" : "");
}

std::uint64_t path_ns(const Build& build, const std::vector<std::size_t>& path) {
  std::uint64_t out = 0;
  for (const std::size_t i : path) {
    out += duration_ns(build.commands[i]);
  }
  return out;
}

}  // namespace zc::cli
