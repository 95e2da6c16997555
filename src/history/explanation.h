// Explanation: why a command was no hit.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/change.h"

namespace zc::history {

// With what the command was compared.
enum class Compared : std::uint8_t {
  kNothing,  // nothing like it is known
  kLast,     // the last command about the same thing
  kNearest,  // the last one about a thing of that name
};

// In place of a reason: there was a result, and the store has it no more.
inline constexpr std::string_view kEvicted = "evicted";

struct Explanation {
  Compared compared = Compared::kNothing;
  std::string place;         // of the other command: its directory
  std::int64_t seen_ns = 0;  // when that was, since the epoch
  std::string reason;        // why its result was not kept, or why it has gone; empty: it is there
  std::vector<Change> changes;
  bool operator==(const Explanation&) const = default;
};

}  // namespace zc::history
