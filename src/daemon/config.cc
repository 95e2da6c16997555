#include "daemon/config.h"

#include <algorithm>
#include <limits>

#include "base/str.h"

namespace zc::daemon {

namespace {

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
constexpr std::uint64_t kDefaultSizeMin = 5 * kGibibyte;
constexpr std::uint64_t kDefaultSizeMax = 50 * kGibibyte;

// An empty variable counts as unset.
std::optional<std::string_view> value_of(const lifecycle::Environment& env, const char* name) {
  const char* value = env(name);
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return value;
}

std::string complaint(const char* name, std::string_view value, std::string_view wanted) {
  return str_cat(name, "=", value, " is not usable; expected ", wanted, "; using the default");
}

// The power of 1024 that a unit stands for; nothing for an unknown one.
std::optional<unsigned> exponent_of(std::string_view unit) {
  constexpr std::string_view kPrefixes = "KMGTP";
  if (unit.empty() || unit == "B" || unit == "b") {
    return 0;
  }
  const char upper = static_cast<char>(unit[0] >= 'a' ? unit[0] - 'a' + 'A' : unit[0]);
  const std::size_t at = kPrefixes.find(upper);
  const std::string_view rest = unit.substr(1);
  const bool known =
      rest.empty() || rest == "i" || rest == "iB" || rest == "B" || rest == "b" || rest == "ib";
  if (at == std::string_view::npos || !known) {
    return std::nullopt;
  }
  return static_cast<unsigned>(at + 1);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  text = trim(text);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint64_t> number = parse_u64(text.substr(0, digits));
  const std::optional<unsigned> exponent = exponent_of(trim(text.substr(digits)));
  if (!number || *number == 0 || !exponent) {
    return std::nullopt;
  }
  const unsigned shift = 10 * *exponent;
  if (*number > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
    return std::nullopt;
  }
  return *number << shift;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  constexpr std::uint64_t kCentury = std::uint64_t{100} * 366 * 24 * 3600;
  const std::optional<std::uint64_t> seconds = parse_u64(trim(text));
  if (!seconds || *seconds > kCentury) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*seconds);
}

Config read_config(const lifecycle::Environment& env, const os::DiskSpace& disk) {
  Config out;
  // A twentieth of the file system for the cache, and a tenth of it left to other programs. If its
  // size is not known (0), the cache gets the minimum and no floor.
  out.size_bytes_max = std::clamp(disk.total_bytes / 20, kDefaultSizeMin, kDefaultSizeMax);
  out.free_bytes_min = disk.total_bytes / 10;
  if (const auto text = value_of(env, "ZCCACHE_IDLE_TIMEOUT_SECS")) {
    if (const auto seconds = parse_seconds(*text)) {
      out.idle_timeout_secs = *seconds;
    } else {
      out.warnings.push_back(
          complaint("ZCCACHE_IDLE_TIMEOUT_SECS", *text, "a number of seconds, or 0 for never"));
    }
  }
  if (const auto text = value_of(env, "ZCCACHE_MAX_SIZE")) {
    if (const auto size = parse_size(*text)) {
      out.size_bytes_max = *size;
    } else {
      out.warnings.push_back(complaint("ZCCACHE_MAX_SIZE", *text, "a size like 500M, 5G or 1T"));
    }
  }
  if (const auto text = value_of(env, "ZCCACHE_LOG")) {
    if (const auto level = log::parse_level(*text)) {
      out.log_level = *level;
    } else {
      out.warnings.push_back(complaint("ZCCACHE_LOG", *text, "error, warn, info or debug"));
    }
  }
  return out;
}

}  // namespace zc::daemon
