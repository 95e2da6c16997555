#include "log/log.h"

#include <time.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>

namespace zc::log {

namespace {

constexpr std::array<const char*, 4> kNames = {"error", "warn", "info", "debug"};

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
  const int milliseconds = static_cast<int>(wall_ns / 1'000'000 % 1'000);
  tm utc = {};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 128> head = {};
  const int length =
      std::snprintf(head.data(), head.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %-5s ",
                    utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                    utc.tm_sec, milliseconds, kNames[static_cast<std::size_t>(level)]);
  std::string line(head.data(), static_cast<std::size_t>(length));
  // One event, one line: what others make us say must not look like an event of its own.
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
  // Nobody can be told that the log cannot be written.
  [[maybe_unused]] const ssize_t written = ::write(fd_, line.data(), line.size());
}

}  // namespace zc::log
