#include "daemon/counters.h"

#include <utility>

namespace zc::daemon {

std::string_view text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kVerified:
      return "verified";
    case Verdict::kWrong:
      return "wrong";
    case Verdict::kNotReproducible:
      return "not_reproducible";
    case Verdict::kUnfinished:
      return "unfinished";
    case Verdict::kCount:
      break;
  }
  return {};
}

void Counters::hit(std::uint64_t saved_ns) {
  const MutexLock lock(mutex_);
  ++values_.hits;
  values_.saved_ns += saved_ns;
}

void Counters::measured(std::uint64_t saved_ns) {
  const MutexLock lock(mutex_);
  ++values_.measured;
  values_.measured_ns += saved_ns;
}

void Counters::not_cached(compiler::Reason reason, const std::string& detail) {
  const MutexLock lock(mutex_);
  ++values_.reasons[static_cast<std::size_t>(reason)];
  if (reason != compiler::Reason::kUnsupportedCompilerOption) {
    return;
  }
  if (const auto it = values_.options.find(detail); it != values_.options.end()) {
    ++it->second;
  } else if (values_.options.size() < kOptionsMax) {
    values_.options.emplace(detail, 1);
  }
}

void Counters::verified(Verdict verdict) {
  const MutexLock lock(mutex_);
  ++values_.verdicts[static_cast<std::size_t>(verdict)];
}

void Counters::count(std::uint64_t Values::* what) {
  const MutexLock lock(mutex_);
  ++(values_.*what);
}

void Counters::reset() {
  const MutexLock lock(mutex_);
  values_ = {};
}

void Counters::describe(codec::Json& out) const {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  using codec::Json;
  Json hits = Json::object();
  Json reasons = Json::object();
  Json options = Json::object();
  Json verification = Json::object();
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < values_.verdicts.size(); ++i) {
    verification.set(text_of(static_cast<Verdict>(i)), Json::count(values_.verdicts[i]));
  }
  hits.set("direct", Json::count(values_.hits));
  for (std::size_t i = 0; i < values_.reasons.size(); ++i) {
    if (values_.reasons[i] != 0) {
      reasons.set(compiler::text_of(static_cast<compiler::Reason>(i)).id,
                  Json::count(values_.reasons[i]));
    }
  }
  for (const auto& [option, count] : values_.options) {
    options.set(option, Json::count(count));
  }
  out.set("hits", std::move(hits));
  out.set("misses", Json::count(values_.misses));
  out.set("coalesced", Json::count(values_.coalesced));
  out.set("clients_lost", Json::count(values_.clients_lost));
  out.set("time_saved_ms", Json::count(values_.saved_ns / kNsPerMs));
  Json measured = Json::object();
  measured.set("hits", Json::count(values_.measured));
  measured.set("time_saved_ms", Json::count(values_.measured_ns / kNsPerMs));
  out.set("measured", std::move(measured));
  out.set("not_cached", std::move(reasons));
  out.set("flags", std::move(options));
  out.set("verification", std::move(verification));
}

}  // namespace zc::daemon
