#include "codec/utc_text.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace zc::codec {

std::string utc_text(std::int64_t ns) {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  const std::chrono::sys_time<std::chrono::milliseconds> moment(
      std::chrono::milliseconds(ns / kNsPerMs));
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  std::array<char, 64> out = {};
  const int length = std::snprintf(
      out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return {out.data(), static_cast<std::size_t>(length)};
}

}  // namespace zc::codec
