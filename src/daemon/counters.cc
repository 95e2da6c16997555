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

void Counters::measured(std::uint64_t saved_ns) {
  const MutexLock lock(mutex_);
  ++values_.measured;
  values_.measured_ns += saved_ns;
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
  Json verification = Json::object();
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < values_.verdicts.size(); ++i) {
    verification.set(text_of(static_cast<Verdict>(i)), Json::count(values_.verdicts[i]));
  }
  out.set("coalesced", Json::count(values_.coalesced));
  out.set("clients_lost", Json::count(values_.clients_lost));
  Json measured = Json::object();
  measured.set("hits", Json::count(values_.measured));
  measured.set("time_saved_ms", Json::count(values_.measured_ns / kNsPerMs));
  out.set("measured", std::move(measured));
  out.set("verification", std::move(verification));
}

}  // namespace zc::daemon
