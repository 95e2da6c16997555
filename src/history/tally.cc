#include "history/tally.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <ranges>
#include <string>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "codec/digest.h"
#include "compiler/reason.h"

namespace zc::history {

namespace {

using codec::Json;

// A figure of commands, with its name in the file.
struct Figure {
  std::string_view name;
  std::uint64_t Tally::* value;
};

constexpr std::array kFigures = {
    Figure{"compilations", &Tally::compilations},
    Figure{"hits", &Tally::hits},
    Figure{"misses", &Tally::misses},
    Figure{"cached_errors", &Tally::cached_errors},
    Figure{"errors", &Tally::errors},
    Figure{"kept_errors", &Tally::kept_errors},
    Figure{"link_hits", &Tally::link_hits},
    Figure{"link_misses", &Tally::link_misses},
    Figure{"saved_ns", &Tally::saved_ns},
    Figure{"hit_ns", &Tally::hit_ns},
    Figure{"compiler_ns", &Tally::compiler_ns},
    Figure{"bytes_served", &Tally::bytes_served},
};

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

// The entry of a name in a map that does not grow above `entries_max`: null if it is full.
template <class Value>
Value* entry_of(std::map<std::string, Value, std::less<>>& map, std::string_view name,
                std::size_t entries_max) {
  if (const auto found = map.find(name); found != map.end()) {
    return &found->second;
  }
  return map.size() < entries_max ? &map[std::string(name)] : nullptr;
}

// The next size that people would choose.
std::uint64_t room_of(std::uint64_t bytes) {
  constexpr std::uint64_t kLeast = std::uint64_t{64} << 20;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50;
  std::uint64_t out = kLeast;
  while (out < bytes && out < kMost) {
    out *= 2;
  }
  return out;
}

std::vector<Tally::Room> sorted_rooms(const Counts& rooms) {
  std::vector<Tally::Room> out;
  for (const auto& [room, times] : rooms) {
    out.push_back({.bytes = parse_u64(room).value_or(0), .hits = times});
  }
  std::ranges::sort(out, {}, &Tally::Room::bytes);
  return out;
}

void count(Counts& counts, std::string_view name, std::uint64_t more, std::size_t entries_max) {
  if (std::uint64_t* const found = entry_of(counts, name, entries_max)) {
    *found += more;
  }
}

std::string end_of(std::string text) {
  return text.size() > Tally::kTextBytesMax ? text.substr(text.size() - Tally::kTextBytesMax)
                                            : std::move(text);
}

// "-ftime-trace=/home/me" is "-ftime-trace": values may be paths, or secrets.
std::string option_in(std::string_view detail) {
  return std::string(detail.substr(0, detail.find('=')).substr(0, Tally::kTextBytesMax));
}

std::uint64_t source_digest(const std::string& path) {
  codec::Hasher hasher;
  hasher.update(path);
  const codec::Digest digest = hasher.finish();
  std::uint64_t out = 0;
  std::memcpy(&out, digest.bytes.data(), sizeof out);
  return out;
}

void keep_smallest(std::set<std::uint64_t>& digests) {
  while (digests.size() > Tally::kSourcesMax) {
    digests.erase(std::prev(digests.end()));
  }
}

bool is_of_a_source(const CommandRecord& record) {
  const bool is_link = record.outcome == Outcome::kLinkHit || record.outcome == Outcome::kLinkMiss;
  return !record.source.empty() && record.reason.empty() && !is_link;
}

std::uint64_t time_saved(const CommandRecord& record) {
  return record.is_verified ? 0
                            : record.compiler_ns - std::min(record.compiler_ns, record.latency_ns);
}

Json to_json(const Counts& counts) {
  Json out = Json::object();
  for (const auto& [name, value] : counts) {
    out.set(name, Json::count(value));
  }
  return out;
}

void read_counts(const Json& json, Counts& to, std::size_t entries_max) {
  for (const auto& [name, value] : json.members()) {
    count(to, name, value.as_u64(), entries_max);
  }
}

Json to_json(const Tally::NotCached& commands) {
  Json out = Json::object();
  out.set("count", Json::count(commands.count));
  out.set("timed", Json::count(commands.timed));
  out.set("compiler_ns", Json::count(commands.compiler_ns));
  Json files = Json::array();
  for (const std::string& file : commands.files) {
    files.append(Json::text(file));
  }
  out.set("files", std::move(files));
  return out;
}

Tally::NotCached not_cached_in(const Json& json) {
  Tally::NotCached out = {.count = json.at("count").as_u64(),
                          .timed = json.at("timed").as_u64(),
                          .compiler_ns = json.at("compiler_ns").as_u64(),
                          .files = {}};
  for (const Json& file : json.at("files").elements()) {
    if (out.files.size() < Tally::kFilesMax) {
      out.files.push_back(end_of(file.as_text()));
    }
  }
  return out;
}

Json to_json(const Tally::Dear& dear) {
  Json out = Json::object();
  out.set("subject", Json::text(dear.subject));
  out.set("reason", Json::text(dear.reason));
  out.set("count", Json::count(dear.count));
  out.set("compiler_ns", Json::count(dear.compiler_ns));
  return out;
}

Tally::Dear dear_in(const Json& json) {
  return {.subject = end_of(json.at("subject").as_text()),
          .reason = json.at("reason").as_text(),
          .count = json.at("count").as_u64(),
          .compiler_ns = json.at("compiler_ns").as_u64()};
}

}  // namespace

double rate_of(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? -1.0 : static_cast<double>(part) / static_cast<double>(all);
}

void Tally::add(const CommandRecord& record) {
  ++compilations;
  begin_and_end(record.start_ns, record.start_ns);
  if (is_of_a_source(record)) {
    sources.insert(source_digest(without_dots(join_path(record.cwd, record.source))));
    keep_smallest(sources);
  }
  if (const std::string_view reason = record.miss_reason(); !reason.empty()) {
    count(miss_reasons, reason, 1, kReasonsMax);
  }
  switch (record.outcome) {
    case Outcome::kHit:
    case Outcome::kCachedError:
    case Outcome::kLinkHit:
      return add_hit(record);
    case Outcome::kError:
      ++errors;
      break;
    case Outcome::kMiss:
    case Outcome::kLinkMiss:
      break;
  }
  compiler_ns += record.compiler_ns;
  if (record.missing_room_bytes > 0) {
    count(missing_room, std::to_string(room_of(record.missing_room_bytes)), 1, kRoomsMax);
  }
  if (!record.reason.empty()) {
    return add_not_cached(record);
  }
  ++(record.outcome == Outcome::kError      ? kept_errors
     : record.outcome == Outcome::kLinkMiss ? link_misses
                                            : misses);
}

void Tally::add_hit(const CommandRecord& record) {
  ++(record.outcome == Outcome::kHit       ? hits
     : record.outcome == Outcome::kLinkHit ? link_hits
                                           : cached_errors);
  saved_ns += time_saved(record);
  hit_ns += record.latency_ns;
  bytes_served += record.output_bytes;
  if (record.needed_room_bytes > 0) {
    count(needed_room, std::to_string(room_of(record.needed_room_bytes)), 1, kRoomsMax);
  }
}

void Tally::add_not_cached(const CommandRecord& record) {
  if (record.reason == compiler::text_of(compiler::Reason::kUnsupportedCompilerOption).id) {
    count(options, option_in(record.detail), 1, kOptionsMax);
  }
  if (NotCached* const to = entry_of(not_cached, record.reason, kReasonsMax)) {
    ++to->count;
    add_files(*to, {end_of(subject_of(record))});
  }
  if (record.compiler_ns > 0) {
    add_cost(record);
  }
}

void Tally::add_cost(const CommandRecord& record) {
  if (NotCached* const to = entry_of(not_cached, record.reason, kReasonsMax)) {
    ++to->timed;
    to->compiler_ns += record.compiler_ns;
  }
  add_dear({.subject = end_of(subject_of(record)),
            .reason = record.reason,
            .count = 1,
            .compiler_ns = record.compiler_ns});
  drop_cheapest();
}

void Tally::add(const Tally& newer) {
  for (const Figure& figure : kFigures) {
    this->*figure.value += newer.*figure.value;
  }
  begin_and_end(newer.first_ns, newer.last_ns);
  for (const auto& [reason, commands] : newer.not_cached) {
    if (NotCached* const to = entry_of(not_cached, reason, kReasonsMax)) {
      to->count += commands.count;
      to->timed += commands.timed;
      to->compiler_ns += commands.compiler_ns;
      add_files(*to, commands.files);
    }
  }
  for (const auto& [option, times] : newer.options) {
    count(options, option, times, kOptionsMax);
  }
  for (const auto& [reason, times] : newer.miss_reasons) {
    count(miss_reasons, reason, times, kReasonsMax);
  }
  for (const auto& [room, times] : newer.missing_room) {
    count(missing_room, room, times, kRoomsMax);
  }
  for (const auto& [room, times] : newer.needed_room) {
    count(needed_room, room, times, kRoomsMax);
  }
  for (const Dear& dear : newer.dearest) {
    add_dear(dear);
  }
  drop_cheapest();
  sources.insert(newer.sources.begin(), newer.sources.end());
  keep_smallest(sources);
  past_sources += newer.past_sources;
}

Tally Tally::without_names() const {
  Tally out = *this;
  for (auto& [reason, commands] : out.not_cached) {
    commands.files.clear();
  }
  out.options.clear();
  out.dearest.clear();
  out.past_sources = unique_sources();
  out.sources.clear();
  return out;
}

void Tally::add_dear(const Dear& dear) {
  const auto found = std::ranges::find_if(dearest, [&](const Dear& known) {
    return known.subject == dear.subject && known.reason == dear.reason;
  });
  if (found == dearest.end()) {
    dearest.push_back(dear);
  } else {
    found->count += dear.count;
    found->compiler_ns += dear.compiler_ns;
  }
}

void Tally::drop_cheapest() {
  std::ranges::stable_sort(dearest, std::greater(), &Dear::compiler_ns);
  dearest.resize(std::min(dearest.size(), kDearestMax));
}

void Tally::add_files(NotCached& to, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::erase(to.files, file);
    to.files.push_back(file);
  }
  if (to.files.size() > kFilesMax) {
    to.files.erase(to.files.begin(), to.files.end() - static_cast<std::ptrdiff_t>(kFilesMax));
  }
}

void Tally::begin_and_end(std::int64_t first, std::int64_t last) {
  if (first != 0) {
    first_ns = first_ns == 0 ? first : std::min(first_ns, first);
    last_ns = std::max(last_ns, last);
  }
}

std::uint64_t Tally::not_kept() const {
  std::uint64_t out = 0;
  for (const auto& [reason, commands] : not_cached) {
    out += commands.count;
  }
  return out;
}

std::uint64_t Tally::unique_sources() const {
  if (sources.size() < kSourcesMax) {
    return past_sources + sources.size();
  }
  // So much of all possible digests lies below the largest that was kept.
  const double share = static_cast<double>(*sources.rbegin()) /
                       static_cast<double>(std::numeric_limits<std::uint64_t>::max());
  return past_sources + static_cast<std::uint64_t>(static_cast<double>(kSourcesMax - 1) / share);
}

std::vector<Tally::Room> Tally::hits_with_more_room() const {
  std::vector<Room> out = sorted_rooms(missing_room);
  std::uint64_t sum = 0;
  for (Room& room : out) {
    sum += std::exchange(room.hits, sum + room.hits);
  }
  return out;
}

std::vector<Tally::Room> Tally::hits_lost_with() const {
  std::vector<Room> out = sorted_rooms(needed_room);
  std::ranges::reverse(out);
  std::uint64_t sum = 0;
  for (Room& room : out) {
    sum += std::exchange(room.hits, sum);
  }
  return out;
}

Json Tally::to_json() const {
  Json out = Json::object();
  for (const Figure& figure : kFigures) {
    out.set(figure.name, Json::count(this->*figure.value));
  }
  out.set("first_ns", Json::count(static_cast<std::uint64_t>(first_ns)));
  out.set("last_ns", Json::count(static_cast<std::uint64_t>(last_ns)));
  Json reasons = Json::object();
  for (const auto& [reason, commands] : not_cached) {
    reasons.set(reason, history::to_json(commands));
  }
  out.set("not_cached", std::move(reasons));
  out.set("options", history::to_json(options));
  out.set("miss_reasons", history::to_json(miss_reasons));
  out.set("missing_room", history::to_json(missing_room));
  out.set("needed_room", history::to_json(needed_room));
  Json dear_ones = Json::array();
  for (const Dear& dear : dearest) {
    dear_ones.append(history::to_json(dear));
  }
  out.set("dearest", std::move(dear_ones));
  Json digests = Json::array();
  for (const std::uint64_t digest : sources) {
    digests.append(Json::count(digest));
  }
  out.set("sources", std::move(digests));
  out.set("past_sources", Json::count(past_sources));
  return out;
}

Json Tally::describe() const {
  Tally without_digests = *this;
  without_digests.past_sources = unique_sources();
  without_digests.sources.clear();
  Json out = without_digests.to_json();
  out.set("unique_sources", Json::count(unique_sources()));
  out.set("served", Json::count(served()));
  out.set("kept", Json::count(kept()));
  out.set("not_kept", Json::count(not_kept()));
  const auto rate = [](double value) { return value < 0 ? Json() : Json::number(value); };
  out.set("hit_rate", rate(direct_rate()));
  out.set("link_hit_rate", rate(link_rate()));
  out.set("overall_hit_rate", rate(overall_rate()));
  return out;
}

Tally Tally::from_json(const Json& json) {
  Tally out;
  for (const Figure& figure : kFigures) {
    out.*figure.value = json.at(figure.name).as_u64();
  }
  out.first_ns = static_cast<std::int64_t>(json.at("first_ns").as_u64());
  out.last_ns = static_cast<std::int64_t>(json.at("last_ns").as_u64());
  for (const auto& [reason, commands] : json.at("not_cached").members()) {
    if (NotCached* const to = entry_of(out.not_cached, reason, kReasonsMax)) {
      *to = not_cached_in(commands);
    }
  }
  read_counts(json.at("options"), out.options, kOptionsMax);
  read_counts(json.at("missing_room"), out.missing_room, kRoomsMax);
  read_counts(json.at("needed_room"), out.needed_room, kRoomsMax);
  read_counts(json.at("miss_reasons"), out.miss_reasons, kReasonsMax);
  for (const Json& dear : json.at("dearest").elements()) {
    out.add_dear(dear_in(dear));
  }
  out.drop_cheapest();
  for (const Json& digest : json.at("sources").elements()) {
    out.sources.insert(digest.as_u64());
  }
  keep_smallest(out.sources);
  out.past_sources = json.at("past_sources").as_u64();
  return out;
}

}  // namespace zc::history
