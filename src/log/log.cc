#include "log/log.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/str.h"
#include "codec/utc_text.h"
#include "os/clock.h"
#include "os/file.h"

namespace zc::log {

namespace {

// In the order of Level.
constexpr std::array<std::string_view, 4> kNames = {"error", "warn", "info", "debug"};

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  const auto* const found = std::ranges::find(kNames, text);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Level>(found - kNames.begin()));
}

std::string format_line(Level level, std::string_view text, std::int64_t wall_ns) {
  constexpr std::size_t kNameWidth = 6;  // the longest, and a blank
  std::string line =
      str_cat(codec::utc_text(wall_ns), ' ', kNames[static_cast<std::size_t>(level)]);
  line.resize(line.size() + kNameWidth - kNames[static_cast<std::size_t>(level)].size(), ' ');
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
