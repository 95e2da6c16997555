// The daemon's status for people.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>

#include "codec/json.h"

namespace zc::cli {

struct Lookups {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t total() const { return hits + misses; }
};

// `daemon` is what the daemon answers to a status request. Fields that it lacks count as 0.
Lookups lookups_of(const codec::Json& daemon);

std::string status_text(const codec::Json& daemon);

}  // namespace zc::cli
