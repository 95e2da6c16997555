// Log: the daemon's messages for its user, one line each on standard error.
//
//   2026-01-31T12:00:00.123Z warn  cannot accept connections: too many open files
//
// Each line is one write, so lines of several threads never mix. Environment variables and file
// contents do not belong here.
//
// Thread: any.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zc::log {

// From the least to the most: a log at one level also writes the levels before it.
enum class Level : std::uint8_t { kError, kWarn, kInfo, kDebug };

// "error", "warn", "info" or "debug", as in ZCCACHE_LOG; nothing for any other text.
std::optional<Level> parse_level(std::string_view text);

class Log {
 public:
  // Borrows the descriptor.
  explicit Log(Level level, int fd = 2) : level_(level), fd_(fd) {}

  void set_level(Level level) { level_ = level; }

  // Whether a line of this level is written; saves the caller the work for a text that is not.
  bool wants(Level level) const { return level <= level_; }
  // Writes one line, unless `wants` is false. A line that cannot be written is lost.
  void write(Level level, std::string_view text) const;
  void error(std::string_view text) const { write(Level::kError, text); }
  void warn(std::string_view text) const { write(Level::kWarn, text); }
  void info(std::string_view text) const { write(Level::kInfo, text); }
  void debug(std::string_view text) const { write(Level::kDebug, text); }

 private:
  std::atomic<Level> level_;
  int fd_;
};

// The line that `write` writes, newline included. The time is `wall_ns`, in ns since the epoch,
// shown in UTC. Line breaks in `text` become blanks: a line is always one event.
std::string format_line(Level level, std::string_view text, std::int64_t wall_ns);

}  // namespace zc::log
