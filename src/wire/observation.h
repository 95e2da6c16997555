// What the observer reports about a run: which process looked at what. The format is in
// docs/formats/observation.md; src/observer writes it from inside the observed programs.
//
// Decoding is strict, because any program of the run may have written to the channel: if one event
// is not as documented, or the last one has no end, there is no observation at all.
//
// Thread: values. Ownership: events borrow from the text. Errors: returned as nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace zc::wire {

// One letter for each kind, in the order of the table on that page.
inline constexpr std::string_view kObservationKinds = "HLDRWMUISTABFOZQEVXYPNCKGJ!";
// Of a path or a name, in bytes: PATH_MAX. A longer one becomes an event of kind '!'.
inline constexpr std::size_t kObservedBytesMax = 4096;

struct ObservedEvent {
  char kind = 0;  // one of kObservationKinds
  std::uint32_t pid = 0;
  int error = 0;              // errno; 0 when it worked
  std::uint64_t time_ms = 0;  // CLOCK_REALTIME_COARSE, rounded down; of the first such record
  std::string_view bytes;     // a path or a name; empty with '!' only
  bool operator==(const ObservedEvent&) const = default;
};

// `text`: events, each with a NUL byte behind it. In their order in the channel.
std::optional<std::vector<ObservedEvent>> decode_observation(std::string_view text);

}  // namespace zc::wire
