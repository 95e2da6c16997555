#include "engine/driver/switch.h"

namespace zc::engine::driver {

Switch switch_of(std::string_view value) {
  return value == "always"    ? Switch::kAlways
         : value == "never"   ? Switch::kNever
         : value == "measure" ? Switch::kMeasure
                              : Switch::kAuto;
}

std::uint64_t hit_estimate_ns(std::size_t inputs, std::uint64_t output_bytes) {
  constexpr std::uint64_t kStartNs = 1'500'000;
  constexpr std::uint64_t kInputNs = 5'000;
  constexpr std::uint64_t kBytesPerNs = 1;
  return kStartNs + (inputs * kInputNs) + (output_bytes / kBytesPerNs);
}

}  // namespace zc::engine::driver
