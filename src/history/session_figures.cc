#include "history/session_figures.h"

#include <algorithm>

namespace zc::history {

namespace {

using codec::Json;

constexpr std::uint64_t kNsPerMs = 1'000'000;

bool is_served(Outcome outcome) {
  return outcome == Outcome::kHit || outcome == Outcome::kLinkHit ||
         outcome == Outcome::kCachedError;
}

Json rate(std::uint64_t hits, std::uint64_t misses) {
  return hits + misses == 0
             ? Json()
             : Json::number(static_cast<double>(hits) / static_cast<double>(hits + misses));
}

}  // namespace

void SessionFigures::add(const CommandRecord& record) {
  tally_.add(record);
  if (!is_served(record.outcome) && !record.result.empty()) {
    bytes_written_ += record.output_bytes;
  }
  add_lookup(record);
  add_times(record);
}

void SessionFigures::add_lookup(const CommandRecord& record) {
  if (is_served(record.outcome)) {
    ++lookups_.found;
  } else if (!record.exit_code) {
    return;
  } else if (!record.why) {
    ++lookups_.other["unknown"];
  } else if (record.why->compared != Compared::kLast) {
    ++lookups_.unknown;
  } else if (record.why->changes.empty()) {
    ++lookups_.without_result;
  } else {
    ++lookups_.other["input_fingerprint_mismatch"];
  }
}

void SessionFigures::add_times(const CommandRecord& record) {
  if (!record.phases || !record.exit_code) {
    return;
  }
  const bool is_hit = is_served(record.outcome);
  Times& times = is_hit ? hits_ : misses_;
  ++times.count;
  const std::uint64_t compiler_ns = is_hit ? 0 : record.compiler_ns;
  const Phases& phases = *record.phases;
  // The daemon stores results while their clients go on.
  times.total_ns += std::max(record.latency_ns, compiler_ns + phases.claim_ns + phases.lookup_ns +
                                                    phases.reply_ns + phases.store_ns);
  times.compiler_ns += compiler_ns;
  times.phases.claim_ns += phases.claim_ns;
  times.phases.lookup_ns += phases.lookup_ns;
  times.phases.reply_ns += phases.reply_ns;
  times.phases.store_ns += phases.store_ns;
}

Json SessionFigures::phase_profile() const {
  if (hits_.count + misses_.count == 0) {
    return {};
  }
  const Phases& hit = hits_.phases;
  const Phases& miss = misses_.phases;
  Json out = Json::object();
  out.set("hit_count", Json::count(hits_.count));
  out.set("miss_count", Json::count(misses_.count));
  out.set("build_context_ns", Json::count(hit.claim_ns));
  out.set("artifact_lookup_ns", Json::count(hit.lookup_ns));
  out.set("write_output_ns", Json::count(hit.reply_ns));
  const std::uint64_t known = hit.claim_ns + hit.lookup_ns + hit.reply_ns;
  out.set("bookkeeping_ns", Json::count(hits_.total_ns - std::min(hits_.total_ns, known)));
  out.set("total_hit_ns", Json::count(hits_.total_ns));
  out.set("miss_lookup_ns", Json::count(miss.claim_ns + miss.lookup_ns));
  out.set("compiler_exec_ns", Json::count(misses_.compiler_ns));
  out.set("artifact_store_ns", Json::count(miss.store_ns));
  out.set("total_miss_ns", Json::count(misses_.total_ns));
  return out;
}

void SessionFigures::describe(Json& out) const {
  const std::uint64_t hits = tally_.hits + tally_.link_hits;
  const std::uint64_t misses = tally_.misses + tally_.link_misses;
  out.set("compilations", Json::count(tally_.compilations));
  out.set("hits", Json::count(hits));
  out.set("misses", Json::count(misses));
  out.set("non_cacheable", Json::count(tally_.not_kept()));
  out.set("errors", Json::count(tally_.errors));
  out.set("errors_cached", Json::count(tally_.cached_errors));
  out.set("time_saved_ms", Json::count(tally_.saved_ns / kNsPerMs));
  out.set("unique_sources", Json::count(tally_.unique_sources()));
  out.set("bytes_read", Json::count(tally_.bytes_served));
  out.set("bytes_written", Json::count(bytes_written_));
  out.set("hit_rate", rate(hits, misses));
  Json other = Json::object();
  for (const auto& [reason, count] : lookups_.other) {
    other.set(reason, Json::count(count));
  }
  Json lookups = Json::object();
  lookups.set("depgraph_hit_artifact_hit", Json::count(lookups_.found));
  lookups.set("depgraph_hit_artifact_miss", Json::count(lookups_.without_result));
  lookups.set("depgraph_cold_skip", Json::count(lookups_.unknown));
  lookups.set("depgraph_other_miss", std::move(other));
  out.set("lookup_outcomes", std::move(lookups));
  out.set("phase_profile", phase_profile());
}

}  // namespace zc::history
