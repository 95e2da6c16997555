#include "cli/format.h"

#include <array>
#include <string_view>

#include "base/str.h"

namespace zc::cli {

namespace {

// A tenth at a time, rounded down: "1.0 GB" is never less than that.
std::string with_tenth(std::uint64_t tenths) {
  return str_cat(tenths / 10, '.', tenths % 10);
}

}  // namespace

std::string format_bytes(std::uint64_t bytes) {
  // A TB is the last: 2048 of them are "2048.0 TB".
  constexpr std::array<std::string_view, 4> kUnits = {"KB", "MB", "GB", "TB"};
  if (bytes < 1024) {
    return str_cat(bytes, " B");
  }
  std::uint64_t unit = 1024;
  std::size_t at = 0;
  while (at + 1 < kUnits.size() && bytes / unit >= 1024) {
    unit *= 1024;
    ++at;
  }
  const std::uint64_t tenths = bytes / unit * 10 + bytes % unit * 10 / unit;
  return str_cat(with_tenth(tenths), ' ', kUnits[at]);
}

std::string format_uptime(std::uint64_t seconds) {
  if (seconds < 60) {
    return str_cat(seconds, 's');
  }
  if (seconds < 3600) {
    return str_cat(seconds / 60, "m ", seconds % 60, 's');
  }
  return str_cat(seconds / 3600, "h ", seconds % 3600 / 60, 'm');
}

std::string format_duration(std::uint64_t milliseconds) {
  if (milliseconds < 1000) {
    return str_cat(milliseconds, "ms");
  }
  if (milliseconds < 60'000) {
    return with_tenth(milliseconds / 100) + 's';
  }
  return format_uptime(milliseconds / 1000);
}

std::string format_rate(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) {
    return "n/a";
  }
  const double tenths = static_cast<double>(part) * 1000.0 / static_cast<double>(whole);
  return with_tenth(static_cast<std::uint64_t>(tenths)) + '%';
}

}  // namespace zc::cli
