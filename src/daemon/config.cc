#include "daemon/config.h"

#include <algorithm>
#include <limits>

#include "base/result.h"
#include "base/str.h"

namespace zc::daemon {

namespace {

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
constexpr std::uint64_t kDefaultSizeMin = 5 * kGibibyte;
constexpr std::uint64_t kDefaultSizeMax = 50 * kGibibyte;

// Sets `out` to the variable's value, if `parse` can read it. An empty variable counts as unset.
template <class T, class Parse>
void read_setting(const lifecycle::Environment& env, const char* name, Parse parse,
                  std::string_view wanted, T& out, std::vector<std::string>& warnings) {
  const std::string_view text = view_or_empty(env(name));
  if (text.empty()) {
    return;
  }
  if (const auto value = parse(text)) {
    out = *value;
  } else {
    warnings.push_back(
        str_cat(name, "=", text, " is not usable; expected ", wanted, "; using the default"));
  }
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
  TRY_ASSIGN(const std::uint64_t number, parse_u64(text.substr(0, digits)));
  TRY_ASSIGN(const unsigned exponent, exponent_of(trim(text.substr(digits))));
  const unsigned shift = 10 * exponent;
  if (number == 0 || number > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
    return std::nullopt;
  }
  return number << shift;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  constexpr std::uint64_t kCentury = std::uint64_t{100} * 366 * 24 * 3600;
  TRY_ASSIGN(const std::uint64_t seconds, parse_u64(trim(text)));
  return seconds > kCentury ? std::nullopt : std::optional(static_cast<std::int64_t>(seconds));
}

Config read_config(const lifecycle::Environment& env, const os::DiskSpace& disk) {
  Config out;
  // A twentieth of the file system for the cache, and a tenth of it left to other programs. If its
  // size is not known (0), the cache gets the minimum and no floor.
  out.size_bytes_max = std::clamp(disk.total_bytes / 20, kDefaultSizeMin, kDefaultSizeMax);
  out.free_bytes_min = disk.total_bytes / 10;
  read_setting(env, "ZCCACHE_IDLE_TIMEOUT_SECS", parse_seconds,
               "a number of seconds, or 0 for never", out.idle_timeout_secs, out.warnings);
  read_setting(env, "ZCCACHE_MAX_SIZE", parse_size, "a size like 500M, 5G or 1T",
               out.size_bytes_max, out.warnings);
  read_setting(env, "ZCCACHE_LOG", log::parse_level, "error, warn, info or debug", out.log_level,
               out.warnings);
  return out;
}

}  // namespace zc::daemon
