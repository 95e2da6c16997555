// The daemon's status for people.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>

#include "codec/json.h"

namespace zc::cli {

// The compiles that the cache could serve: those that it did, and those that it did not.
struct Lookups {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t total() const { return hits + misses; }
};

// `daemon` is the daemon's reply to a request for figures. Fields that it lacks count as 0.
Lookups lookups_of(const codec::Json& daemon);

// The text that `zccache status` prints, with a newline after each line.
std::string status_text(const codec::Json& daemon);

// What the store holds: the lines about it. Empty for anything but an object.
std::string store_text(const codec::Json& store);

}  // namespace zc::cli
