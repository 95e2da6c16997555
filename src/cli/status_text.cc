#include "cli/status_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/str.h"
#include "cli/format.h"
#include "codec/utc_text.h"
#include "compiler/reason.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::Tally;

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

// In characters; and how many rows of a table are shown, the largest first.
constexpr std::size_t kLabelWidth = 14;
constexpr std::size_t kListedMax = 10;
constexpr std::size_t kCountWidth = 10;

constexpr std::size_t kTrendDays = 7;
constexpr std::uint64_t kMillisecondNs = 1'000'000;

std::string duration_of(std::uint64_t ns) {
  return format_duration(ns / kMillisecondNs);
}

void line(std::string& out, std::string_view label, std::string_view text) {
  const std::size_t blanks = kLabelWidth - std::min(kLabelWidth, label.size() + 1);
  str_append(out, "  ", label, ':', std::string(blanks + 1, ' '), printable(text), '\n');
}

// An indented line: what is counted, to the right, and what it counts.
void row(std::string& out, std::string_view count, std::string_view text) {
  str_append(out, std::string(kCountWidth - std::min(kCountWidth, count.size()), ' '), count, "  ",
             printable(text), '\n');
}

// The largest first.
Counts sorted(Counts counts) {
  std::ranges::stable_sort(counts, std::greater(), &Counts::value_type::second);
  return counts;
}

void head(std::string& out, const Json& daemon) {
  str_append(out, "zccache daemon v", printable(daemon.at("version").as_text()), " (",
             printable(daemon.at("endpoint").as_text()), "), pid ", daemon.at("pid").as_u64(),
             ", uptime ", format_uptime(daemon.at("uptime_secs").as_u64()), '\n');
  str_append(out, "cache dir: ", printable(daemon.at("cache_dir").as_text()), '\n');
  str_append(out, "namespace: ", printable(daemon.at("daemon_namespace").as_text()), "\n\n");
}

// Only if a hit was to be verified (ZCCACHE_VERIFY).
void verification(std::string& out, const Json& counts) {
  const std::uint64_t verified = counts.at("verified").as_u64();
  const std::uint64_t wrong = counts.at("wrong").as_u64();
  const std::uint64_t not_reproducible = counts.at("not_reproducible").as_u64();
  const std::uint64_t unfinished = counts.at("unfinished").as_u64();
  if (verified + wrong + not_reproducible + unfinished == 0) {
    return;
  }
  std::string text = str_cat(counted(verified, "hit"), ", ", wrong, " wrong");
  if (not_reproducible > 0) {
    str_append(text, ", ", not_reproducible, " not reproducible");
  }
  if (unfinished > 0) {
    str_append(text, ", ", unfinished, " unfinished");
  }
  line(out, "Verified", text);
}

// The longest first, as the daemon lists them.
void running(std::string& out, const Json& commands) {
  const std::vector<Json> all = commands.elements();
  if (all.empty()) {
    return;
  }
  str_append(out, "\nRunning now: ", all.size(), '\n');
  for (std::size_t i = 0; i < std::min(all.size(), kListedMax); ++i) {
    const std::string reason = all[i].at("reason").as_text();
    row(out, format_duration(all[i].at("age_ms").as_u64()),
        str_cat(all[i].at("subject").as_text(), reason.empty() ? "" : " (not cached: ", reason,
                reason.empty() ? "" : ")"));
  }
}

// How the commands ended, and what that cost and saved.
void outcomes(std::string& out, const Tally& tally) {
  line(out, "Compilations",
       str_cat(tally.compilations, " total (", tally.served(), " cached, ", tally.kept(), " cold, ",
               tally.not_kept(), " not cached)"));
  line(out, "Hit rate", format_rate(tally.hits, tally.hits + tally.misses));
  if (tally.compilations != tally.hits + tally.misses) {
    line(out, "Of all", format_rate(tally.served(), tally.compilations));
  }
  if (const std::uint64_t links = tally.link_hits + tally.link_misses; links > 0) {
    line(out, "Links",
         str_cat(links, " (", tally.link_hits, " cached, ", tally.link_misses, " cold)"));
    line(out, "Link hit rate", format_rate(tally.link_hits, links));
  }
  if (tally.errors > 0) {
    line(out, "Errors", str_cat(tally.errors));
  }
  if (tally.cached_errors > 0) {
    line(out, "Cached errors", str_cat(tally.cached_errors));
  }
  if (tally.saved_ns >= kMillisecondNs) {
    line(out, "Time saved", str_cat('~', duration_of(tally.saved_ns)));
  }
  if (tally.compiler_ns >= kMillisecondNs) {
    line(out, "Compiler time", duration_of(tally.compiler_ns));
  }
}

// What the daemon counts beside the outcomes.
void beside_outcomes(std::string& out, const Json& daemon) {
  const Json& measured = daemon.at("measured");
  if (const std::uint64_t hits = measured.at("hits").as_u64(); hits > 0) {
    line(out, "Measured",
         str_cat(counted(hits, "link"), " would have been cached, and saved ~",
                 format_duration(measured.at("time_saved_ms").as_u64())));
  }
  if (const std::uint64_t shared = daemon.at("coalesced").as_u64(); shared > 0) {
    line(out, "Shared", str_cat(shared, " waited for an identical compile"));
  }
  verification(out, daemon.at("verification"));
}

// The time and the last files of a reason, and what to do about it.
void reason_details(std::string& out, std::string_view id, const Tally::NotCached& commands) {
  std::string text;
  if (commands.timed > 0) {
    str_append(text, duration_of(commands.compiler_ns), " of compiler time");
    if (commands.timed < commands.count) {
      str_append(text, " for ", commands.timed, " of them");
    }
  } else if (!commands.files.empty()) {
    text += "compiler time not known";
  }
  for (std::size_t i = commands.files.size(); i > 0; --i) {
    str_append(text, i == commands.files.size() ? "; the last: " : ", ", commands.files[i - 1]);
  }
  if (!text.empty()) {
    row(out, {}, text);
  }
  const auto known = compiler::find_reason(id);
  if (known && !known->advice.empty()) {
    row(out, {}, str_cat("what to do: ", known->advice));
  }
}

// A daemon of another version may have reasons that we do not know.
std::string explained(const std::string& id) {
  const auto known = compiler::find_reason(id);
  return known ? str_cat(id, ": ", known->text) : id;
}

void not_cached(std::string& out, const Tally& tally) {
  Counts reasons;
  for (const auto& [id, commands] : tally.not_cached) {
    if (commands.count > 0) {
      reasons.emplace_back(id, commands.count);
    }
  }
  if (reasons.empty()) {
    return;
  }
  str_append(out, "\nNot cached, by reason:\n");
  reasons = sorted(std::move(reasons));
  for (std::size_t i = 0; i < std::min(reasons.size(), kListedMax); ++i) {
    row(out, str_cat(reasons[i].second), explained(reasons[i].first));
    reason_details(out, reasons[i].first, tally.not_cached.at(reasons[i].first));
  }
}

void dearest(std::string& out, const Tally& tally) {
  if (tally.dearest.empty()) {
    return;
  }
  str_append(out, "\nDearest commands that were not kept:\n");
  for (std::size_t i = 0; i < std::min(tally.dearest.size(), kListedMax / 2); ++i) {
    const Tally::Dear& dear = tally.dearest[i];
    row(out, duration_of(dear.compiler_ns),
        str_cat(dear.subject, " (", dear.reason,
                dear.count > 1 ? str_cat(", ", dear.count, " times") : std::string(), ')'));
  }
}

void options(std::string& out, const Tally& tally) {
  const Counts counts = sorted(Counts(tally.options.begin(), tally.options.end()));
  if (counts.empty()) {
    return;
  }
  str_append(out, "\nOptions that are not understood:\n");
  for (std::size_t i = 0; i < std::min(counts.size(), kListedMax); ++i) {
    row(out, str_cat(counts[i].second), counts[i].first);
  }
}

void details(std::string& out, const Tally& tally) {
  not_cached(out, tally);
  dearest(out, tally);
  options(out, tally);
}

void trend(std::string& out, const StatusFigures& shown) {
  const std::size_t count = shown.days.value_or(kTrendDays);
  const auto days = shown.lasting.last(count, shown.now_ns);
  if (days.empty()) {
    return;
  }
  str_append(out, "\nBy day:\n");
  for (const auto& [date, tally] : days) {
    row(out, *date,
        str_cat(counted(tally->compilations, "command"), ", ",
                format_rate(tally->hits, tally->hits + tally->misses), " hits, ~",
                duration_of(tally->saved_ns), " saved"));
  }
}

// What a larger cache would have been worth.
void more_room(std::string& out, const Tally& tally) {
  const auto rooms = tally.hits_with_more_room();
  if (rooms.empty()) {
    return;
  }
  str_append(out, "\nA larger cache, by what was evicted and made again:\n");
  for (const Tally::Room& room : rooms) {
    row(out, str_cat('+', format_bytes(room.bytes)),
        format_more_hits(room.hits, tally.served(), tally.served() + tally.kept()));
  }
}

std::uint64_t bytes_in(const Json& store) {
  return store.at("blob_bytes").as_u64() + store.at("index_bytes").as_u64();
}

// What a smaller cache would have cost: of those that would not hold what there is now.
void less_room(std::string& out, const Tally& tally, const Json& store) {
  std::string rows;
  for (const Tally::Room& room : tally.hits_lost_with()) {
    if (room.bytes < bytes_in(store)) {
      row(rows, format_bytes(room.bytes),
          room.hits == 0 ? std::string("no hit fewer")
                         : str_cat("up to ", counted(room.hits, "hit"), " fewer"));
    }
  }
  if (!rows.empty()) {
    str_append(out, "\nA smaller cache, by how long results were not used:\n", rows);
  }
}

// The figures that outlast the daemon.
void lasting(std::string& out, const StatusFigures& shown) {
  constexpr std::size_t kMinuteBytes = 16;  // "2026-01-31T12:00"
  if (shown.days) {
    str_append(out, "\nIn the last ", counted(*shown.days, "day"), ":\n");
    outcomes(out, shown.lasting.last_days(*shown.days, shown.now_ns));
  } else if (shown.lasting.since_ns > 0) {
    std::string since = codec::utc_text(shown.lasting.since_ns).substr(0, kMinuteBytes);
    std::ranges::replace(since, 'T', ' ');
    str_append(out, "\nIn total since ", since, " UTC:\n");
    outcomes(out, shown.lasting.total);
  }
  trend(out, shown);
  more_room(out, shown.lasting.total);
  less_room(out, shown.lasting.total,
            shown.daemon.is_object() ? shown.daemon.at("store") : shown.store);
}

// Builds that have a name, and the processes for which a private daemon is there.
void sessions(std::string& out, const Json& daemon) {
  const Json sessions = daemon.at("sessions");
  if (sessions.at("total").as_u64() > 0) {
    line(out, "Sessions",
         str_cat(sessions.at("active").as_u64(), " active / ", sessions.at("total").as_u64(),
                 " total"));
  }
  if (!daemon.at("private_daemon").as_flag()) {
    return;
  }
  const auto joined = [](const Json& list, const auto& text_of_one) {
    std::string text;
    for (const Json& one : list.elements()) {
      str_append(text, text.empty() ? "" : ", ", text_of_one(one));
    }
    return text.empty() ? std::string("none") : text;
  };
  line(out, "Private daemon", "yes");
  line(out, "Owners", joined(daemon.at("private_owners"), [](const Json& owner) {
         return str_cat(owner.at("pid").as_u64(), 'x', owner.at("sessions").as_u64());
       }));
  line(out, "Own settings",
       joined(daemon.at("private_env"), [](const Json& name) { return name.as_text(); }));
}

// Of an older daemon.
Tally old_figures(const Json& daemon) {
  Tally out;
  for (const auto& [kind, count] : daemon.at("hits").members()) {
    out.hits += count.as_u64();
  }
  out.misses = daemon.at("misses").as_u64();
  out.compilations = out.hits + out.misses;
  for (const auto& [reason, count] : daemon.at("not_cached").members()) {
    out.not_cached[reason].count = count.as_u64();
    out.compilations += count.as_u64();
  }
  for (const auto& [option, count] : daemon.at("flags").members()) {
    out.options[option] = count.as_u64();
  }
  out.saved_ns = daemon.at("time_saved_ms").as_u64() * kMillisecondNs;
  return out;
}

// What the store holds. Nothing for anything but an object.
std::string stored(const Json& store) {
  std::string out;
  if (!store.is_object()) {
    return out;
  }
  const std::uint64_t size = bytes_in(store);
  str_append(out, '\n');
  const std::uint64_t limit = store.at("size_bytes_max").as_u64();
  line(out, "Store",
       limit == 0 ? format_bytes(size) : str_cat(format_bytes(size), " of ", format_bytes(limit)));
  line(out, "Results",
       str_cat(store.at("results").as_u64(), " for ",
               counted(store.at("manifests").as_u64(), "command")));
  if (const std::uint64_t evicted = store.at("evicted_results").as_u64(); evicted > 0) {
    line(out, "Evicted", str_cat(counted(evicted, "result"), " since start"));
  }
  if (const std::uint64_t damaged = store.at("quarantined_blobs").as_u64(); damaged > 0) {
    line(out, "Quarantined", str_cat(counted(damaged, "damaged blob"), " since start"));
  }
  return out;
}

}  // namespace

Tally since_start(const Json& daemon) {
  const Json figures = daemon.at("since_start");
  return figures.is_object() ? Tally::from_json(figures) : old_figures(daemon);
}

std::string status_text(const StatusFigures& shown) {
  const Json& daemon = shown.daemon;
  if (!daemon.is_object()) {
    std::string out;
    lasting(out, shown);
    details(out,
            shown.days ? shown.lasting.last_days(*shown.days, shown.now_ns) : shown.lasting.total);
    return out + stored(shown.store);
  }
  std::string out;
  head(out, daemon);
  const Tally now = since_start(daemon);
  outcomes(out, now);
  beside_outcomes(out, daemon);
  details(out, shown.days ? shown.lasting.last_days(*shown.days, shown.now_ns) : now);
  lasting(out, shown);
  running(out, daemon.at("running"));
  out += stored(daemon.at("store"));
  sessions(out, daemon);
  if (const std::uint64_t memory = daemon.at("daemon_rss_bytes").as_u64(); memory > 0) {
    line(out, "Daemon memory", format_bytes(memory));
  }
  for (const Json& warning : daemon.at("warnings").elements()) {
    str_append(out, "\nwarning: ", printable(warning.as_text()), '\n');
  }
  return out;
}

}  // namespace zc::cli
