// local_time: a time that a compiler had the C library convert to local time, which it does to
// expand a time macro, and for nothing else (gcc 12, clang 14 and 19).
//
// The time at which a file of the run was changed last is that of __TIMESTAMP__: the file's time is
// an input then. A time during the run is that of __DATE__ or __TIME__, which nothing but a second
// run can tell apart; the day is an input then. Both depend on the time zone.
//
// Thread: any; no state. Errors: nothing, or a reason not to store.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/observed/compile.h"
#include "engine/observed/trace.h"

namespace zc::engine {

struct LocalTime {
  std::int64_t seconds = 0;  // since the epoch, as the others
  std::int64_t day_begin = 0;
  std::int64_t day_end = 0;
};

// As a fact names it, and as the observer does (docs/formats/observation.md).
std::optional<LocalTime> parse_local_time(std::string_view text);

// A name of the fact kLocalDay holds as long as `now_ns` is within it.
std::string name_of_day(const LocalTime& time);
bool is_within_day(std::string_view name, std::int64_t now_ns);

enum class MeantTime : std::uint8_t {
  kOfFile,
  kOfDay,  // now
};
// Adds what the time is of, but for the zone. Errors: kUnrepeatableInput: it is neither.
compiler::OrBypass<MeantTime> add_local_time(const os::FileSystem& fs,
                                             const ObservedCompile& compile, const Trace& trace,
                                             const LocalTime& time, InputList& list);

// The files of the time zone that the C library reads, whether they are there or not (tzset(3)).
std::vector<std::string> zone_files(const RequestEnvironment& env);

}  // namespace zc::engine
