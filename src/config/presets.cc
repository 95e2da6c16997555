#include "config/presets.h"

#include <algorithm>
#include <array>

namespace zc::config {

namespace {

constexpr std::array kPresetValues = {
    PresetValue{.preset = "ci", .key = "cache_failures", .value = "no"},
    PresetValue{.preset = "ci", .key = "idle_timeout_secs", .value = "300"},
    PresetValue{.preset = "small", .key = "cache_failures", .value = "no"},
    PresetValue{.preset = "small", .key = "links", .value = "never"},
    PresetValue{.preset = "small", .key = "max_size", .value = "2G"},
    PresetValue{.preset = "worktrees", .key = "path_remap", .value = "auto"},
    PresetValue{.preset = "all", .key = "links", .value = "always"},
    PresetValue{.preset = "all", .key = "path_remap", .value = "auto"},
};

}  // namespace

std::span<const PresetValue> preset_values() {
  return kPresetValues;
}

std::optional<std::string_view> preset_value(std::string_view preset, const Key& key) {
  const auto* const found = std::ranges::find_if(kPresetValues, [&](const PresetValue& row) {
    return row.preset == preset && row.key == key.name;
  });
  return found == kPresetValues.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace zc::config
