// The switch for links and archives: ZCCACHE_LINKS in the environment of the request.
//
// Thread: any; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zc::engine::driver {

enum class Switch : std::uint8_t {
  kAuto,     // those that take longer than a hit would
  kAlways,   // all
  kNever,    // none
  kMeasure,  // none is served, but what serving them would have saved is counted
};

// What is none of the words is as if nothing was set.
Switch switch_of(std::string_view value);

// What a hit takes, for a result with so many inputs and bytes of outputs. An estimate, by figures
// of one machine (docs/performance.md).
std::uint64_t hit_estimate_ns(std::size_t inputs, std::uint64_t output_bytes);

}  // namespace zc::engine::driver
