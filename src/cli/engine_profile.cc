// zccache engine-profile: where the time of hits and misses went, by the figures of a session that
// was started with --profile.

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "codec/json.h"
#include "os/file.h"

namespace zc::cli {

namespace {

using codec::Json;

constexpr std::uint64_t kStatsBytesMax = std::uint64_t{16} << 20;
constexpr double kNsInMs = 1e6;

// The names of the phases are those of members, without "_ns"; a daemon measures some of them.
constexpr std::array<std::string_view, 10> kHitPhases = {
    "parse_args",     "build_context",        "hash_source",         "hash_headers",
    "depgraph_check", "request_cache_lookup", "cross_root_validate", "artifact_lookup",
    "write_output",   "bookkeeping"};
constexpr std::array<std::string_view, 5> kMissPhases = {
    "miss_lookup", "compiler_exec", "include_scan", "hash_all", "artifact_store"};

struct TimedPhase {
  std::string name;
  std::uint64_t ns = 0;
};

struct TimedPath {
  std::uint64_t count = 0;
  std::uint64_t ns = 0;
  std::vector<TimedPhase> phases;
};

TimedPath path_in(const Json& profile, std::string_view kind,
                  std::span<const std::string_view> names) {
  TimedPath out = {.count = profile.at(str_cat(kind, "_count")).as_u64(),
                   .ns = profile.at(str_cat("total_", kind, "_ns")).as_u64(),
                   .phases = {}};
  for (const std::string_view name : names) {
    if (const Json ns = profile.at(str_cat(name, "_ns")); !ns.is_null()) {
      out.phases.push_back({.name = std::string(name), .ns = ns.as_u64()});
    }
  }
  return out;
}

std::string dominant_phase(const TimedPath& path) {
  const auto largest = std::ranges::max_element(path.phases, {}, &TimedPhase::ns);
  return largest == path.phases.end() || largest->ns == 0 ? std::string() : largest->name;
}

std::uint64_t average(std::uint64_t ns, std::uint64_t count) {
  return count == 0 ? 0 : ns / count;
}

Json describe(const TimedPath& path) {
  const auto add_average = [&](Json& to, std::uint64_t ns) {
    const std::uint64_t average_ns = average(ns, path.count);
    to.set("avg_ns", Json::count(average_ns));
    to.set("avg_ms", Json::number(static_cast<double>(average_ns) / kNsInMs));
  };
  Json out = Json::object();
  out.set("count", Json::count(path.count));
  out.set("total_ns", Json::count(path.ns));
  add_average(out, path.ns);
  const std::string dominant = dominant_phase(path);
  out.set("dominant_phase", dominant.empty() ? Json() : Json::text(dominant));
  Json phases = Json::array();
  for (const TimedPhase& phase : path.phases) {
    Json one = Json::object();
    one.set("name", Json::text(phase.name));
    one.set("total_ns", Json::count(phase.ns));
    add_average(one, phase.ns);
    one.set("percent_of_total", Json::number(path.ns == 0 ? 0.0
                                                          : 100.0 * static_cast<double>(phase.ns) /
                                                                static_cast<double>(path.ns)));
    phases.append(std::move(one));
  }
  out.set("phases", std::move(phases));
  return out;
}

std::string text_of(std::string_view title, const TimedPath& path) {
  constexpr std::uint64_t kNsPerUs = 1'000;
  constexpr std::uint64_t kPercent = 100;
  std::string out =
      str_cat(title, ": ", path.count, ", ", average(path.ns, path.count) / kNsPerUs, " us each\n");
  for (const TimedPhase& phase : path.phases) {
    str_append(out, "  ", phase.name, ": ", average(phase.ns, path.count) / kNsPerUs, " us, ",
               path.ns == 0 ? 0 : phase.ns * kPercent / path.ns, "%\n");
  }
  return out;
}

int fail_with(std::string_view text) {
  print_note(str_cat("zccache engine-profile: ", text));
  return kFailed;
}

}  // namespace

int engine_profile(const lifecycle::Caller&, Args args) {
  std::string path;
  bool as_json = false;
  for (const char* arg : args) {
    const std::string_view word = arg;
    if (word == "--json") {
      as_json = true;
    } else if (!word.starts_with('-') && path.empty()) {
      path = word;
    } else {
      return bad_argument("engine-profile", word);
    }
  }
  if (path.empty()) {
    return refuse_with_usage("engine-profile");
  }
  const Result<std::string> text = os::read_path(path, kStatsBytesMax);
  if (!text) {
    return fail_with(text.error().message);
  }
  const Result<Json> stats = Json::parse(*text);
  const Json profile = stats ? stats->at("phase_profile") : Json();
  if (!profile.is_object()) {
    return fail_with(str_cat(path,
                             " has no phase_profile: was the session started with --stats "
                             "and --profile?"));
  }
  const TimedPath hits = path_in(profile, "hit", kHitPhases);
  const TimedPath misses = path_in(profile, "miss", kMissPhases);
  if (!as_json) {
    print_out(str_cat(text_of("hits", hits), text_of("misses", misses)));
    return kDone;
  }
  Json out = Json::object();
  out.set("status", Json::text("ok"));
  out.set("schema_version", Json::count(1));
  out.set("hit_path", describe(hits));
  out.set("miss_path", describe(misses));
  print_out(out.dump() + '\n');
  return kDone;
}

}  // namespace zc::cli
