#include "cli/status_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/str.h"
#include "cli/format.h"
#include "compiler/reason.h"

namespace zc::cli {

namespace {

using codec::Json;

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

// In characters; and how many rows of a table are shown, the largest first.
constexpr std::size_t kLabelWidth = 14;
constexpr std::size_t kListedMax = 10;
constexpr std::size_t kCountWidth = 10;

// The members of an object of numbers that are not 0, the largest first.
Counts counts_of(const Json& object) {
  Counts out;
  for (const auto& [name, value] : object.members()) {
    if (const std::uint64_t count = value.as_u64(); count > 0) {
      out.emplace_back(name, count);
    }
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

std::uint64_t sum_of(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : counts) {
    sum += count;
  }
  return sum;
}

void line(std::string& out, std::string_view label, std::string_view text) {
  const std::size_t blanks = kLabelWidth - std::min(kLabelWidth, label.size() + 1);
  str_append(out, "  ", label, ':', std::string(blanks + 1, ' '), text, '\n');
}

// One indented line per entry: the count, then what it counts.
void list(std::string& out, const Counts& counts) {
  for (std::size_t i = 0; i < std::min(counts.size(), kListedMax); ++i) {
    const std::string count = str_cat(counts[i].second);
    str_append(out, std::string(kCountWidth - std::min(kCountWidth, count.size()), ' '), count,
               "  ", counts[i].first, '\n');
  }
}

// "<id>: <what it means>"; a daemon of another version may have reasons that we do not know.
std::string explained(const std::string& id) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(compiler::Reason::kCount); ++i) {
    const compiler::ReasonText& reason = compiler::text_of(static_cast<compiler::Reason>(i));
    if (reason.id == id) {
      return str_cat(id, ": ", reason.text);
    }
  }
  return id;
}

void head(std::string& out, const Json& daemon) {
  str_append(out, "zccache daemon v", daemon.at("version").as_text(), " (",
             daemon.at("endpoint").as_text(), "), pid ", daemon.at("pid").as_u64(), ", uptime ",
             format_uptime(daemon.at("uptime_secs").as_u64()), '\n');
  str_append(out, "cache dir: ", daemon.at("cache_dir").as_text(), '\n');
  str_append(out, "namespace: ", daemon.at("daemon_namespace").as_text(), "\n\n");
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
  std::string text = str_cat(verified, " hits, ", wrong, " wrong");
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
    const std::string age = format_duration(all[i].at("age_ms").as_u64());
    str_append(out, std::string(kCountWidth - std::min(kCountWidth, age.size()), ' '), age, "  ",
               all[i].at("subject").as_text(), '\n');
  }
}

void compilations(std::string& out, const Json& daemon) {
  const Lookups lookups = lookups_of(daemon);
  Counts not_cached = counts_of(daemon.at("not_cached"));
  const std::uint64_t uncached = sum_of(not_cached);
  line(out, "Compilations",
       str_cat(lookups.total() + uncached, " total (", lookups.hits, " cached, ", lookups.misses,
               " cold, ", uncached, " not cached)"));
  line(out, "Hit rate", format_rate(lookups.hits, lookups.total()));
  if (const std::uint64_t saved = daemon.at("time_saved_ms").as_u64(); saved > 0) {
    line(out, "Time saved", str_cat('~', format_duration(saved)));
  }
  const Json& measured = daemon.at("measured");
  if (const std::uint64_t hits = measured.at("hits").as_u64(); hits > 0) {
    line(out, "Measured",
         str_cat(hits, " links would have been cached, and saved ~",
                 format_duration(measured.at("time_saved_ms").as_u64())));
  }
  if (const std::uint64_t shared = daemon.at("coalesced").as_u64(); shared > 0) {
    line(out, "Shared", str_cat(shared, " waited for an identical compile"));
  }
  verification(out, daemon.at("verification"));
  if (uncached > 0) {
    str_append(out, "\nNot cached, by reason:\n");
    for (auto& [reason, count] : not_cached) {
      reason = explained(reason);
    }
    list(out, not_cached);
  }
  if (const Counts flags = counts_of(daemon.at("flags")); !flags.empty()) {
    str_append(out, "\nOptions that are not understood:\n");
    list(out, flags);
  }
}

}  // namespace

Lookups lookups_of(const Json& daemon) {
  return {.hits = sum_of(counts_of(daemon.at("hits"))), .misses = daemon.at("misses").as_u64()};
}

std::string store_text(const Json& store) {
  std::string out;
  if (!store.is_object()) {
    return out;
  }
  const std::uint64_t size = store.at("blob_bytes").as_u64() + store.at("index_bytes").as_u64();
  str_append(out, '\n');
  const std::uint64_t limit = store.at("size_bytes_max").as_u64();
  line(out, "Store",
       limit == 0 ? format_bytes(size) : str_cat(format_bytes(size), " of ", format_bytes(limit)));
  line(out, "Results",
       str_cat(store.at("results").as_u64(), " of ", store.at("manifests").as_u64(), " commands"));
  if (const std::uint64_t evicted = store.at("evicted_results").as_u64(); evicted > 0) {
    line(out, "Evicted", str_cat(evicted, " results since start"));
  }
  if (const std::uint64_t damaged = store.at("quarantined_blobs").as_u64(); damaged > 0) {
    line(out, "Quarantined", str_cat(damaged, " damaged blobs since start"));
  }
  return out;
}

std::string status_text(const Json& daemon) {
  std::string out;
  head(out, daemon);
  compilations(out, daemon);
  running(out, daemon.at("running"));
  out += store_text(daemon.at("store"));
  if (const std::uint64_t memory = daemon.at("daemon_rss_bytes").as_u64(); memory > 0) {
    line(out, "Daemon memory", format_bytes(memory));
  }
  for (const Json& warning : daemon.at("warnings").elements()) {
    str_append(out, "\nwarning: ", warning.as_text(), '\n');
  }
  return out;
}

}  // namespace zc::cli
