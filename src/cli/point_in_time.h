// Points in time as people type them.
//
// Thread: any; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zc::cli {

// In nanoseconds since the epoch. "90s", "90m", "2h" and "3d" lie so far before `now_ns`;
// "2026-01-31", with "T12:00" or "T12:00:30" behind it and a "Z" at the end, is in UTC.
std::optional<std::int64_t> point_in_time(std::string_view text, std::int64_t now_ns);

}  // namespace zc::cli
