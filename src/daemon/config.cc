#include "daemon/config.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/str.h"
#include "config/presets.h"

namespace zc::daemon {

namespace {

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
constexpr std::uint64_t kDefaultSizeMin = 5 * kGibibyte;
constexpr std::uint64_t kDefaultSizeMax = 50 * kGibibyte;

// What is set, usable. Nothing: the default. An empty variable counts as unset.
std::optional<std::string> value_of(std::string_view name, const lifecycle::Environment& env,
                                    const std::vector<config::Setting>& from_files,
                                    std::vector<std::string>& warnings) {
  const config::Key& key = *config::find_key(name);
  const std::string_view text = view_or_empty(env(key.variable().c_str()));
  if (!text.empty()) {
    std::optional<std::string> value = config::normal_value(key, text);
    if (!value) {
      warnings.push_back(config::warning_about(key, text));
    }
    return value;
  }
  if (const auto preset = config::preset_value(view_or_empty(env("ZCCACHE_PRESET")), key)) {
    return std::string(*preset);
  }
  const auto found = std::ranges::find(from_files, &key, &config::Setting::key);
  return found == from_files.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace

Config read_config(const lifecycle::Environment& env,
                   const std::vector<config::Setting>& from_files, const os::DiskSpace& disk) {
  Config out;
  // A twentieth of the file system for the cache, and a tenth of it left to other programs. If its
  // size is not known (0), the cache gets the minimum and no floor.
  out.size_bytes_max = std::clamp(disk.total_bytes / 20, kDefaultSizeMin, kDefaultSizeMax);
  out.free_bytes_min = disk.total_bytes / 10;
  const auto value = [&](std::string_view name) {
    return value_of(name, env, from_files, out.warnings);
  };
  if (const auto secs = value("idle_timeout_secs")) {
    out.idle_timeout_secs = config::parse_seconds(*secs).value_or(out.idle_timeout_secs);
  }
  if (const auto size = value("max_size")) {
    out.size_bytes_max = config::parse_size(*size).value_or(out.size_bytes_max);
  }
  if (const auto level = value("log")) {
    out.log_level = log::parse_level(*level).value_or(out.log_level);
  }
  return out;
}

}  // namespace zc::daemon
