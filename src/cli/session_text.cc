#include "cli/session_text.h"

#include "base/str.h"
#include "cli/format.h"

namespace zc::cli {

namespace {

using codec::Json;

std::uint64_t count(const Json& stats, std::string_view name) {
  return stats.at(name).as_u64();
}

std::uint64_t other_misses(const Json& lookups) {
  std::uint64_t sum = 0;
  for (const auto& [reason, value] : lookups.at("depgraph_other_miss").members()) {
    sum += value.as_u64();
  }
  return sum;
}

// Whether `part` is more than so many percent of `whole`.
bool is_above(std::uint64_t part, std::uint64_t whole, std::uint64_t percent) {
  return part * 100 > whole * percent;
}

}  // namespace

std::string session_text(const Json& stats) {
  const std::string duration = format_duration(count(stats, "duration_ms"));
  const std::uint64_t hits = count(stats, "hits");
  const std::uint64_t misses = count(stats, "misses");
  std::string out = str_cat("Session ", printable(stats.at("session_id").as_text()));
  if (stats.at("state").as_text() == "ended") {
    str_append(out, " complete (", duration, ")\n");
  } else {
    str_append(out, " (active, ", duration, ")\n");
  }
  str_append(out, "  Compilations: ", count(stats, "compilations"), " (", hits, " hits, ", misses,
             " misses, ", count(stats, "non_cacheable"), " non-cacheable, ",
             count(stats, "errors_cached"), " cached errors)\n");
  str_append(out, "  Hit rate:     ", format_rate(hits, hits + misses));
  if (const std::uint64_t saved = count(stats, "time_saved_ms"); saved > 0) {
    str_append(out, "\n  Time saved:   ~", format_duration(saved));
  }
  return out;
}

std::vector<std::string> session_warnings(const Json& stats, bool is_verbose) {
  constexpr std::uint64_t kWithoutResultPercent = 10;
  constexpr std::uint64_t kUnknownPercent = 50;
  constexpr std::uint64_t kLowRatePercent = 5;
  constexpr std::uint64_t kManyCommands = 50;
  const Json lookups = stats.at("lookup_outcomes");
  const std::uint64_t found = count(lookups, "depgraph_hit_artifact_hit");
  const std::uint64_t without_result = count(lookups, "depgraph_hit_artifact_miss");
  const std::uint64_t unknown = count(lookups, "depgraph_cold_skip");
  const std::uint64_t all = found + without_result + unknown + other_misses(lookups);
  const bool began_warm = stats.at("began_warm").as_flag();
  std::vector<std::string> out;
  if (is_above(without_result, all, kWithoutResultPercent)) {
    out.push_back(str_cat(without_result, " of ", all,
                          " commands were known, unchanged and without a result: they are never "
                          "kept, or the cache is too small; zccache explain says why"));
  }
  if (began_warm && is_above(unknown, all, kUnknownPercent)) {
    out.push_back(str_cat("nothing was known of ", unknown, " of ", all,
                          " commands, although the cache was not empty: other directories, "
                          "options or compilers than before?"));
  }
  const std::uint64_t hits = count(stats, "hits");
  const std::uint64_t lookups_kept = hits + count(stats, "misses");
  if (is_verbose && began_warm && count(stats, "compilations") > kManyCommands &&
      hits * 100 < lookups_kept * kLowRatePercent) {
    out.push_back(str_cat("only ", format_rate(hits, lookups_kept), " of the commands were hits"));
  }
  return out;
}

}  // namespace zc::cli
