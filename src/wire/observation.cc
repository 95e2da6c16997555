#include "wire/observation.h"

#include <algorithm>

#include "base/path.h"
#include "base/result.h"
#include "base/str.h"

namespace zc::wire {

namespace {

constexpr std::uint64_t kPidMax = 0x7fffffff;
constexpr std::uint64_t kErrorMax = 4095;       // the largest that the kernel gives
constexpr std::uint64_t kTimeMax = 1ULL << 43;  // in ms: the year 2248, which fits in ns

// Removes a number and the blank behind it from the front of `text`. Accepts one spelling per
// number.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t max) {
  const std::size_t end = text.find(' ');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(0, end);
  TRY_ASSIGN(const std::uint64_t number, parse_u64(digits));
  if (number > max || (digits.size() > 1 && digits.front() == '0')) {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return number;
}

// Kinds that are about a path in any case. D, X, Y, P and J may have a path or a name, E, V, N,
// C, K and G have a name.
bool is_always_a_path(char kind) {
  return std::string_view("HLRWMUISTABFOZ").contains(kind);
}

bool may_be_about(char kind, std::string_view bytes) {
  if (bytes.size() > kObservedBytesMax) {
    return false;
  }
  // Whatever the observer knew of what it could not report, which may be nothing.
  if (kind == '!') {
    return true;
  }
  return !bytes.empty() && (!is_always_a_path(kind) || is_absolute(bytes));
}

// `text` is one event without its NUL byte.
std::optional<ObservedEvent> decode_event(std::string_view text) {
  if (text.empty() || !kObservationKinds.contains(text.front())) {
    return std::nullopt;
  }
  ObservedEvent record = {.kind = text.front(), .bytes = {}};
  text.remove_prefix(1);
  TRY_ASSIGN(const std::uint64_t pid, take_number(text, kPidMax));
  TRY_ASSIGN(const std::uint64_t error, take_number(text, kErrorMax));
  TRY_ASSIGN(record.time_ms, take_number(text, kTimeMax));
  if (pid == 0 || !may_be_about(record.kind, text)) {
    return std::nullopt;
  }
  record.pid = static_cast<std::uint32_t>(pid);
  record.error = static_cast<int>(error);
  record.bytes = text;
  return record;
}

}  // namespace

std::optional<std::vector<ObservedEvent>> decode_observation(std::string_view text) {
  std::vector<ObservedEvent> records;
  records.reserve(static_cast<std::size_t>(std::ranges::count(text, '\0')));
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    TRY_ASSIGN(const ObservedEvent record, decode_event(text.substr(0, end)));
    records.push_back(record);
    text.remove_prefix(end + 1);
  }
  return records;
}

}  // namespace zc::wire
