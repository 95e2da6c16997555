// Presets: several settings by one name. They say what is shared and what is kept, never what is
// checked: no setting checks less. Where one is set by itself, that counts.
//
// Thread: constants.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "config/keys.h"

namespace zc::config {

inline constexpr std::string_view kPresetKey = "preset";

struct PresetValue {
  std::string_view preset;
  std::string_view key;
  std::string_view value;
};

// Those of one preset together.
std::span<const PresetValue> preset_values();

// What a preset says of a key; nothing: it says nothing of it.
std::optional<std::string_view> preset_value(std::string_view preset, const Key& key);

}  // namespace zc::config
