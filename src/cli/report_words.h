// What reports in all formats say of builds and commands, in words.
//
// Thread: any; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/build.h"

namespace zc::cli {

// What came of a command, as people see it: what has failed is shown as that.
enum class Shown : std::uint8_t { kHit, kMiss, kNotCached, kFailure };
Shown shown_of(const history::CommandRecord& record);
std::string_view text_of(Shown shown);  // "not cached"

// The directory in or below which all commands ran; "/" if there is no other.
std::string place_of(const history::Build& build);

// What a command made, or its words if that is not known; below `place` without it.
std::string name_of(const history::CommandRecord& record, std::string_view place);

// "2026-01-31T12:00:00.123Z, 42 commands in 3.4s".
std::string span_of(const history::Build& build);

struct Figure {
  std::string name;
  std::string value;
  std::string note;  // may be empty
};
std::vector<Figure> figures_of(const history::Build& build);

// What a larger cache would have been worth to the build: "+1.0 GB" and so many more hits.
std::vector<Figure> larger_caches(const history::Build& build);

// With what a miss was compared; empty if that is not known, or was the last time.
std::string compared_text(const history::CommandRecord& record);

std::string duration_of(std::uint64_t ns);

// Indices of the misses, those first that took longest.
std::vector<std::size_t> dearest_misses(const history::Build& build);

// Indices of the commands that failed, in the order of the build.
std::vector<std::size_t> failures(const history::Build& build);

// How a command that failed has ended: "exit code 1", "exit code 1, from the cache".
std::string failure_text(const history::CommandRecord& record);

// The time of the commands on the critical path.
std::uint64_t path_ns(const history::Build& build, const std::vector<std::size_t>& path);

}  // namespace zc::cli
