// Rates as people type them.
//
// Thread: any; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/str.h"

namespace zc::cli {

// "95%", "95" and "92.5%" in parts of a thousand; at most 100 %, with at most one digit behind the
// point.
inline std::optional<std::uint64_t> per_mille(std::string_view text) {
  constexpr std::uint64_t kWhole = 1000;
  text.remove_suffix(text.ends_with('%') ? 1 : 0);
  const std::size_t point = text.find('.');
  const bool has_tenths = point != std::string_view::npos && point + 2 == text.size();
  const std::uint64_t percent = parse_u64(text.substr(0, point)).value_or(kWhole);
  const std::uint64_t tenths = has_tenths ? parse_u64(text.substr(point + 1)).value_or(kWhole) : 0;
  const bool is_rate = point == std::string_view::npos || has_tenths;
  return is_rate && percent < kWhole && percent * 10 + tenths <= kWhole
             ? std::optional(percent * 10 + tenths)
             : std::nullopt;
}

}  // namespace zc::cli
