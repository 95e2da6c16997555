#include "history/figures.h"

#include <algorithm>

#include "codec/json.h"
#include "codec/utc_text.h"
#include "os/clock.h"
#include "os/file.h"

namespace zc::history {

namespace {

using codec::Json;

constexpr std::uint64_t kSchemaVersion = 1;

// Many times what four hundred days of the longest names take.
constexpr std::uint64_t kStatisticsBytesMax = std::uint64_t{64} << 20;

constexpr std::int64_t kDayNs = 24LL * 60 * 60 * os::kSecondNs;

}  // namespace

std::string date_of(std::int64_t ns) {
  constexpr std::size_t kDateBytes = 10;
  return codec::utc_text(ns).substr(0, kDateBytes);
}

Tally& Figures::day_of(const CommandRecord& record) {
  const std::string date = date_of(record.start_ns);
  if (const auto found = days.find(date); found != days.end()) {
    return found->second;
  }
  for (auto& [earlier, tally] : days) {
    tally = tally.without_names();
  }
  while (days.size() >= kDaysMax) {
    days.erase(days.begin());
  }
  return days[date];
}

void Figures::add(const CommandRecord& record) {
  total.add(record);
  day_of(record).add(record);
}

std::vector<Figures::Day> Figures::last(std::size_t count, std::int64_t now_ns) const {
  const auto back = static_cast<std::int64_t>(std::clamp<std::size_t>(count, 1, kDaysMax)) - 1;
  std::vector<Day> out;
  for (auto it = days.lower_bound(date_of(now_ns - back * kDayNs)); it != days.end(); ++it) {
    out.emplace_back(&it->first, &it->second);
  }
  return out;
}

Tally Figures::last_days(std::size_t count, std::int64_t now_ns) const {
  Tally out;
  for (const auto& [date, tally] : last(count, now_ns)) {
    out.add(*tally);
  }
  return out;
}

std::string encode(const Figures& figures) {
  Json out = Json::object();
  out.set("schema_version", Json::count(kSchemaVersion));
  out.set("since_ns", Json::count(static_cast<std::uint64_t>(figures.since_ns)));
  out.set("total", figures.total.to_json());
  Json days = Json::object();
  for (const auto& [date, tally] : figures.days) {
    days.set(date, tally.to_json());
  }
  out.set("days", std::move(days));
  return out.dump_line() + '\n';
}

Result<Figures> decode_figures(std::string_view text) {
  TRY_ASSIGN(const Json json, Json::parse(text));
  const std::uint64_t version = json.at("schema_version").as_u64();
  if (version == 0 || !json.at("total").is_object()) {
    return fail(Code::kCorrupt, "these are no statistics");
  }
  if (version > kSchemaVersion) {
    return fail(Code::kInvalid, "the statistics are of a newer version");
  }
  Figures out;
  out.since_ns = static_cast<std::int64_t>(json.at("since_ns").as_u64());
  out.total = Tally::from_json(json.at("total"));
  for (const auto& [date, tally] : json.at("days").members()) {
    out.days.emplace(date, Tally::from_json(tally));
  }
  while (out.days.size() > Figures::kDaysMax) {
    out.days.erase(out.days.begin());
  }
  return out;
}

Result<Figures> read_figures(const std::string& path) {
  TRY_ASSIGN(const std::string text, os::read_path(path, kStatisticsBytesMax));
  return decode_figures(text);
}

}  // namespace zc::history
