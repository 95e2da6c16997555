#include "cli/point_in_time.h"

#include <chrono>

#include "base/str.h"

namespace zc::cli {

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kMinuteNs = 60 * kSecondNs;
constexpr std::int64_t kHourNs = 60 * kMinuteNs;

std::optional<std::int64_t> unit_ns(char unit) {
  switch (unit) {
    case 's':
      return kSecondNs;
    case 'm':
      return kMinuteNs;
    case 'h':
      return kHourNs;
    case 'd':
      return 24 * kHourNs;
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> number(std::string_view digits, std::uint64_t most) {
  const auto out = parse_u64(digits);
  return out && *out <= most ? std::optional(static_cast<std::int64_t>(*out)) : std::nullopt;
}

std::optional<std::int64_t> span_ns(std::string_view text) {
  constexpr std::uint64_t kMost = 100'000;
  const auto unit = text.empty() ? std::nullopt : unit_ns(text.back());
  const auto count = unit ? number(text.substr(0, text.size() - 1), kMost) : std::nullopt;
  return count ? std::optional(*count * *unit) : std::nullopt;
}

// "2026-01-31"
std::optional<std::int64_t> date_ns(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  const auto year = number(parts[0], 2200);
  const auto month = number(parts[1], 12);
  const auto day = number(parts[2], 31);
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count() * 24 * kHourNs;
}

// "12:00", "12:00:30"
std::optional<std::int64_t> time_of_day_ns(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 2 && parts.size() != 3) {
    return std::nullopt;
  }
  const auto hour = number(parts[0], 23);
  const auto minute = number(parts[1], 59);
  const auto second = parts.size() == 3 ? number(parts[2], 60) : std::optional<std::int64_t>(0);
  if (!hour || !minute || !second) {
    return std::nullopt;
  }
  return *hour * kHourNs + *minute * kMinuteNs + *second * kSecondNs;
}

}  // namespace

std::optional<std::int64_t> point_in_time(std::string_view text, std::int64_t now_ns) {
  if (const auto span = span_ns(text)) {
    return now_ns - *span;
  }
  text.remove_suffix(text.ends_with('Z') ? 1 : 0);
  const std::size_t at = text.find('T');
  const auto date = date_ns(text.substr(0, at));
  const auto time = at == std::string_view::npos ? std::optional<std::int64_t>(0)
                                                 : time_of_day_ns(text.substr(at + 1));
  return date && time ? std::optional(*date + *time) : std::nullopt;
}

}  // namespace zc::cli
