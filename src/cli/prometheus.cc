#include "cli/prometheus.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "base/str.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::Tally;

// In base units, as the format wants them.
std::string seconds_of(std::uint64_t ns) {
  std::array<char, 64> out = {};
  const int length = std::snprintf(out.data(), out.size(), "%llu.%09llu",
                                   static_cast<unsigned long long>(ns / 1'000'000'000),
                                   static_cast<unsigned long long>(ns % 1'000'000'000));
  return {out.data(), static_cast<std::size_t>(length)};
}

// One metric after the other: what it means, then its samples.
class Exposition {
 public:
  void counter(std::string_view name, std::string_view help) { begin(name, "counter", help); }
  void gauge(std::string_view name, std::string_view help) { begin(name, "gauge", help); }

  void sample(std::string_view value) { str_append(out_, name_, ' ', value, '\n'); }
  void sample(std::uint64_t value) { sample(str_cat(value)); }
  void sample(std::string_view label, std::string_view label_value, std::string_view value) {
    str_append(out_, name_, '{', label, "=\"");
    for (const char c : label_value) {
      if (!append_escape(out_, c, "\\\"\n", "\\\"n")) {
        out_ += c;
      }
    }
    str_append(out_, "\"} ", value, '\n');
  }

  std::string finish() { return std::move(out_); }

 private:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = str_cat("zccache_", name);
    str_append(out_, "# HELP ", name_, ' ', help, "\n# TYPE ", name_, ' ', type, '\n');
  }

  std::string name_;
  std::string out_;
};

void outcomes(Exposition& out, const Tally& tally) {
  out.counter("commands_total", "Commands, by what came of them.");
  out.sample("outcome", "hit", str_cat(tally.hits));
  out.sample("outcome", "miss", str_cat(tally.misses));
  out.sample("outcome", "cached_error", str_cat(tally.cached_errors));
  out.sample("outcome", "kept_error", str_cat(tally.kept_errors));
  out.sample("outcome", "link_hit", str_cat(tally.link_hits));
  out.sample("outcome", "link_miss", str_cat(tally.link_misses));
  out.sample("outcome", "not_cached", str_cat(tally.not_kept()));
  out.counter("errors_total", "Runs that failed, kept or not.");
  out.sample(tally.errors);
  out.counter("time_saved_seconds_total", "What the runs of hits took, less the hits.");
  out.sample(seconds_of(tally.saved_ns));
  out.counter("hit_seconds_total", "From the requests of hits to their replies.");
  out.sample(seconds_of(tally.hit_ns));
  out.counter("compiler_seconds_total", "What runs took, as far as it is known.");
  out.sample(seconds_of(tally.compiler_ns));
  out.counter("served_bytes_total", "Outputs of hits.");
  out.sample(tally.bytes_served);
}

void reasons(Exposition& out, const Tally& tally) {
  out.counter("not_cached_total", "Commands that were not kept or left alone, by reason.");
  for (const auto& [reason, commands] : tally.not_cached) {
    out.sample("reason", reason, str_cat(commands.count));
  }
  out.counter("not_cached_seconds_total", "What these took, as far as it is known.");
  for (const auto& [reason, commands] : tally.not_cached) {
    out.sample("reason", reason, seconds_of(commands.compiler_ns));
  }
}

void store(Exposition& out, const Json& store) {
  if (!store.is_object()) {
    return;
  }
  out.gauge("store_bytes", "What the cache takes on the disk.");
  out.sample(store.at("blob_bytes").as_u64() + store.at("index_bytes").as_u64());
  out.gauge("store_results", "Results in the cache.");
  out.sample(store.at("results").as_u64());
}

// What only a daemon knows.
void daemon(Exposition& out, const Json& daemon) {
  out.gauge("daemon_up", "Whether a daemon runs.");
  out.sample(daemon.is_object() ? "1" : "0");
  if (!daemon.is_object()) {
    return;
  }
  out.gauge("daemon_uptime_seconds", "Since the start of the daemon.");
  out.sample(daemon.at("uptime_secs").as_u64());
  out.gauge("daemon_resident_bytes", "Memory of the daemon.");
  out.sample(daemon.at("daemon_rss_bytes").as_u64());
  out.gauge("running_commands", "Commands that run now.");
  out.sample(daemon.at("running").elements().size());
  out.gauge("store_bytes_max", "What the cache may take on the disk.");
  out.sample(daemon.at("store").at("size_bytes_max").as_u64());
}

}  // namespace

std::string prometheus_text(const StatusFigures& shown) {
  Exposition out;
  outcomes(out, shown.lasting.total);
  reasons(out, shown.lasting.total);
  daemon(out, shown.daemon);
  store(out, shown.daemon.is_object() ? shown.daemon.at("store") : shown.store);
  return out.finish();
}

}  // namespace zc::cli
