// The lifecycle log: which daemons came and went, and which client decided so, one JSON object per
// line. Client and daemon both write it; the format is in docs/formats/lifecycle-log.md.
//
//   LifecycleEvent("spawn-attempt", locations).text("reason", reason).append();
//
// Best effort: if the log cannot be written, or lies where others can write, the event is lost and
// nothing else happens.
// Each line is one write to a file opened for appending, so lines of several processes never mix.
// Above kLifecycleLogBytesMax the file becomes "<name>.1", replacing the one before.
//
// Thread: any; one thread per event.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lifecycle/locations.h"

namespace zc::lifecycle {

// Some thousands of events.
inline constexpr std::uint64_t kLifecycleLogBytesMax = 1U << 20;

class LifecycleEvent {
 public:
  // Borrows `locations`. The envelope's pid is the writer's own, or `pid` if that is not 0.
  LifecycleEvent(std::string_view event, const Locations& locations, std::int64_t pid = 0);

  // Add a member. The caller uses each name once. Bytes of `value` that are not UTF-8 are replaced.
  LifecycleEvent& text(std::string_view name, std::string_view value);
  LifecycleEvent& number(std::string_view name, std::int64_t value);
  LifecycleEvent& numbers(std::string_view name, std::span<const std::int64_t> values);

  // Writes nothing when the directory of the log does not exist or is not safe.
  void append() const;

  // The line, without its newline.
  std::string line() const { return line_ + '}'; }

 private:
  const Locations& locations_;
  std::string line_;
};

}  // namespace zc::lifecycle
