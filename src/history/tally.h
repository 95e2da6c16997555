// Tally: the figures of many commands: of a daemon, a day, a session, or of any part of a journal.
//
// Numbers are exact. What names things is bounded: the last files of each reason, the options, the
// dearest commands, and the sources, which are exact up to kSourcesMax and estimated above that.
//
// Each command is in exactly one of hits, misses, cached_errors, kept_errors, link_hits,
// link_misses and the counts of not_cached.
//
// Thread: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "history/command_record.h"

namespace zc::history {

// How many of `all` are `part`, from 0 to 1; below 0: there are none at all.
double rate_of(std::uint64_t part, std::uint64_t all);

struct Tally {
  static constexpr std::size_t kFilesMax = 5;      // of each reason
  static constexpr std::size_t kReasonsMax = 100;  // and values of miss_reason
  static constexpr std::size_t kOptionsMax = 200;
  static constexpr std::size_t kDearestMax = 20;
  static constexpr std::size_t kRoomsMax = 40;
  static constexpr std::size_t kSourcesMax = 1024;
  // Of a path, the end is kept; of an option, the beginning.
  static constexpr std::size_t kTextBytesMax = 400;

  // Commands of one reason for which no result was kept, or which were left alone.
  struct NotCached {
    std::uint64_t count = 0;
    std::uint64_t timed = 0;         // so many of them have their time in
    std::uint64_t compiler_ns = 0;   // this
    std::vector<std::string> files;  // the last ones, the newest at the end
    bool operator==(const NotCached&) const = default;
  };
  // A command that was not kept, again and again.
  struct Dear {
    std::string subject;  // subject_of(CommandRecord)
    std::string reason;
    std::uint64_t count = 0;
    std::uint64_t compiler_ns = 0;
    bool operator==(const Dear&) const = default;
  };

  std::uint64_t compilations = 0;  // commands, of whatever outcome
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;  // compiles that were looked up, run and kept
  std::uint64_t cached_errors = 0;
  std::uint64_t errors = 0;       // runs that failed, kept or not
  std::uint64_t kept_errors = 0;  // those of them that were kept
  std::uint64_t link_hits = 0;
  std::uint64_t link_misses = 0;
  std::uint64_t saved_ns = 0;     // what the runs of hits took, without the hits themselves
  std::uint64_t hit_ns = 0;       // from the requests of hits to their replies
  std::uint64_t compiler_ns = 0;  // of the runs that took place, as far as it is known
  std::uint64_t bytes_served = 0;
  std::int64_t first_ns = 0;  // the first and last begin of a command, since the epoch; 0: none
  std::int64_t last_ns = 0;
  std::map<std::string, NotCached, std::less<>> not_cached;        // by reason
  std::map<std::string, std::uint64_t, std::less<>> options;       // not understood; without values
  std::map<std::string, std::uint64_t, std::less<>> miss_reasons;  // CommandRecord::miss_reason
  // Misses that so many bytes more of a store would have made hits: by the next of 64 MiB, 128 MiB
  // and so on. Not those of a lower entry.
  std::map<std::string, std::uint64_t, std::less<>> missing_room;
  // Hits for which a store of that size would have been enough; the same sizes.
  std::map<std::string, std::uint64_t, std::less<>> needed_room;
  std::vector<Dear> dearest;  // not kept; the dearest first
  // The smallest digests of the sources of hits and misses: if there are kSourcesMax, their density
  // tells how many sources there are.
  std::set<std::uint64_t> sources;
  std::uint64_t past_sources = 0;  // of parts that have forgotten their sources

  // The record is filled from its request.
  void add(const CommandRecord& record);
  // What is newer than all of this: its files become the last ones.
  void add(const Tally& newer);
  // The same figures without names; a merged tally then counts the sources of each part.
  Tally without_names() const;

  // Commands that the cache served, of any kind; commands that were looked up in vain and kept; and
  // those without a result.
  std::uint64_t served() const { return hits + cached_errors + link_hits; }
  std::uint64_t kept() const { return misses + kept_errors + link_misses; }
  std::uint64_t not_kept() const;
  std::uint64_t unique_sources() const;

  struct Room {
    std::uint64_t bytes = 0;
    std::uint64_t hits = 0;
  };
  // So many more hits there would have been with so much more room, from the least on.
  std::vector<Room> hits_with_more_room() const;
  // So many hits, at most, a cache of that size would not have had; the largest size first.
  std::vector<Room> hits_lost_with() const;

  // Of the compiles that could be served; of the links; of everything that came.
  double direct_rate() const { return rate_of(hits, hits + misses); }
  double link_rate() const { return rate_of(link_hits, link_hits + link_misses); }
  double overall_rate() const { return rate_of(served(), compilations); }

  // docs/formats/statistics.md. Members that `json` lacks count as 0, others are passed over.
  codec::Json to_json() const;
  static Tally from_json(const codec::Json& json);
  // The same without the digests of sources, and with what can be worked out: for `status --json`.
  codec::Json describe() const;
  bool operator==(const Tally&) const = default;

 private:
  void add_hit(const CommandRecord& record);
  void add_not_cached(const CommandRecord& record);
  void add_cost(const CommandRecord& record);
  void add_dear(const Dear& dear);
  void drop_cheapest();
  static void add_files(NotCached& to, const std::vector<std::string>& files);
  void begin_and_end(std::int64_t first, std::int64_t last);
};

}  // namespace zc::history
