#include "log/log.h"

#include <time.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace zc::log {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"error", "warn", "info", "debug"};

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) {
      return static_cast<Level>(i);
    }
  }
  return std::nullopt;
}

std::string format_line(Level level, std::string_view text, std::int64_t wall_ns) {
  const time_t seconds = static_cast<time_t>(wall_ns / 1'000'000'000);
  const std::int64_t milliseconds = wall_ns / 1'000'000 % 1'000;
  tm utc = {};
  ::gmtime_r(&seconds, &utc);
  std::string line =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z {:5} ", utc.tm_year + 1900,
                  utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds,
                  kNames[static_cast<std::size_t>(level)]);
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
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const std::string line =
      format_line(level, text, std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec);
  // There is no way to report that the log cannot be written.
  [[maybe_unused]] const ssize_t written = ::write(fd_, line.data(), line.size());
}

}  // namespace zc::log
