// Limits on what a process may use (setrlimit).
//
// Thread: any.
#pragma once

#include <cstdint>
#include <optional>

namespace zc::os {

// Sizes are in bytes, the processor's time in seconds; the last two are numbers.
enum class Resource : std::uint8_t {
  kFileSize,
  kAddressSpace,
  kData,
  kProcessorSecs,
  kStack,
  kProcesses,
  kOpenFiles,
};

inline constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

struct ResourceLimit {
  std::uint64_t soft = kUnlimited;  // what holds
  std::uint64_t hard = kUnlimited;  // how far the process may raise it
};

// Of this process. Nothing when the system does not say.
std::optional<ResourceLimit> limit_on(Resource resource);

}  // namespace zc::os
