#include "log/log.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

#include "os/clock.h"
#include "os/file.h"

namespace zc::log {

namespace {

// In the order of Level.
constexpr std::array<const char*, 4> kNames = {"error", "warn", "info", "debug"};

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  const auto* const found = std::ranges::find(kNames, text);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Level>(found - kNames.begin()));
}

std::string format_line(Level level, std::string_view text, std::int64_t wall_ns) {
  const std::chrono::sys_time<std::chrono::milliseconds> now(
      std::chrono::milliseconds(wall_ns / 1'000'000));
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(today);
  const std::chrono::hh_mm_ss time(now - today);
  std::array<char, 128> head = {};
  const int length = std::snprintf(
      head.data(), head.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ %-5s ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
      static_cast<int>(time.subseconds().count()), kNames[static_cast<std::size_t>(level)]);
  std::string line(head.data(), static_cast<std::size_t>(length));
  // One event, one line: text from other programs must not look like an event of its own.
  for (const char c : text) {
    line += c == '\n' || c == '\r' ? ' ' : c;
  }
  line += '\n';
  return line;
}

void Log::write(Level level, std::string_view text) const {
  if (!wants(level)) {
    return;
  }
  // There is no way to report that the log cannot be written, and no request waits for it.
  os::write_or_lose(fd_, format_line(level, text, os::wall_ns()));
}

}  // namespace zc::log
