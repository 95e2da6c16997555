// Points in time as text: ISO 8601, in UTC, with milliseconds.
//
// Thread: any; pure.
#pragma once

#include <cstdint>
#include <string>

namespace zc::codec {

// Of nanoseconds since the epoch: "2026-01-31T12:00:00.123Z".
std::string utc_text(std::int64_t ns);

}  // namespace zc::codec
