#include "engine/observed/local_time.h"

#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "engine/observed/kernel_files.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

namespace {

constexpr std::int64_t kNsOfSecond = 1'000'000'000;

std::optional<std::int64_t> seconds_in(std::string_view text) {
  TRY_ASSIGN(const std::uint64_t number, parse_u64(text));
  return std::in_range<std::int64_t>(number) ? std::optional(static_cast<std::int64_t>(number))
                                             : std::nullopt;
}

}  // namespace

std::optional<LocalTime> parse_local_time(std::string_view text) {
  const std::vector<std::string_view> words = split(text, ' ');
  if (words.size() != 3) {
    return std::nullopt;
  }
  LocalTime out;
  TRY_ASSIGN(out.seconds, seconds_in(words[0]));
  TRY_ASSIGN(out.day_begin, seconds_in(words[1]));
  TRY_ASSIGN(out.day_end, seconds_in(words[2]));
  return out.day_begin <= out.seconds && out.seconds < out.day_end ? std::optional(out)
                                                                   : std::nullopt;
}

std::string name_of_day(const LocalTime& time) {
  return str_cat(time.day_begin, ' ', time.day_end);
}

bool is_within_day(std::string_view name, std::int64_t now_ns) {
  const std::int64_t now = now_ns / kNsOfSecond;
  return parse_local_time(str_cat(now, ' ', name)).has_value();
}

OrBypass<MeantTime> add_local_time(const os::FileSystem& fs, const ObservedCompile& compile,
                                   const Trace& trace, const LocalTime& time, InputList& list) {
  bool is_of_file = false;
  for (const PathAccess& seen : trace.accesses) {
    os::FileStamp stamp;
    if ((seen.opened || seen.looked_at) && !is_of_kernel(seen.path) &&
        fs.stat(os::FileSystem::kNoDirectory, std::string(seen.path).c_str(), stamp) == 0 &&
        stamp.is_regular() && stamp.mtime_ns / kNsOfSecond == time.seconds) {
      is_of_file = true;
      list.add_fact(compile, InputKind::kFileTime, compile.keep(seen.path, list));
    }
  }
  // The compiler reads another clock than files have, which is behind by less than a second.
  if (time.seconds < compile.start_ns / kNsOfSecond - 1 ||
      time.seconds > fs.now_ns() / kNsOfSecond + 1) {
    return is_of_file ? OrBypass<MeantTime>(MeantTime::kOfFile)
                      : bypass(Reason::kUnrepeatableInput, "localtime");
  }
  list.add_fact(compile, InputKind::kLocalDay, name_of_day(time));
  // The day may have ended meanwhile.
  return list.facts.back().digest ? OrBypass<MeantTime>(MeantTime::kOfDay)
                                  : bypass(Reason::kUnrepeatableInput, "localtime");
}

std::vector<std::string> zone_files(const RequestEnvironment& env) {
  constexpr std::string_view kZones = "/usr/share/zoneinfo";
  const std::optional<std::string_view> zone = env.find("TZ");
  if (!zone) {
    return {"/etc/localtime"};
  }
  const std::string_view set = env.get("TZDIR");
  const std::string_view directory = set.empty() ? kZones : set;
  const std::string_view name = zone->starts_with(':') ? zone->substr(1) : *zone;
  // A zone that is spelled out may take its rules from a file of that name.
  return {join_path(directory, name.empty() ? "Universal" : name),
          join_path(directory, "posixrules")};
}

}  // namespace zc::engine
