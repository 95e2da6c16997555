#include "daemon/counters.h"

#include "base/str.h"

namespace zc::daemon {

void Counters::hit(std::uint64_t saved_ns) {
  const MutexLock lock(mutex_);
  ++values_.hits;
  values_.saved_ns += saved_ns;
}

void Counters::miss() {
  const MutexLock lock(mutex_);
  ++values_.misses;
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

void Counters::coalesced() {
  const MutexLock lock(mutex_);
  ++values_.coalesced;
}

void Counters::client_lost() {
  const MutexLock lock(mutex_);
  ++values_.clients_lost;
}

void Counters::reset() {
  const MutexLock lock(mutex_);
  values_ = {};
}

std::string Counters::json_fields() const {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  const MutexLock lock(mutex_);
  std::string out =
      str_cat(R"("hits":{"direct":)", values_.hits, R"(},"misses":)", values_.misses,
              R"(,"coalesced":)", values_.coalesced, R"(,"clients_lost":)", values_.clients_lost,
              R"(,"time_saved_ms":)", values_.saved_ns / kNsPerMs, R"(,"not_cached":{)");
  const char* separator = "";
  for (std::size_t i = 0; i < values_.reasons.size(); ++i) {
    if (values_.reasons[i] != 0) {
      str_append(out, separator, '"', compiler::text_of(static_cast<compiler::Reason>(i)).id,
                 R"(":)", values_.reasons[i]);
      separator = ",";
    }
  }
  out += R"(},"flags":{)";
  separator = "";
  for (const auto& [option, count] : values_.options) {
    str_append(out, separator, '"', json_escape(option), R"(":)", count);
    separator = ",";
  }
  out += '}';
  return out;
}

}  // namespace zc::daemon
