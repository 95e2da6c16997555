// What the lines of a journal come to: the figures of `zccache analyze`.
//
// Thread: any; pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "history/command_record.h"

namespace zc::cli {

enum class CrateOrder : std::uint8_t { kWallClock, kMisses, kHits };

// Which commands count, and how they are shown.
struct AnalysisWish {
  std::string session;  // empty: all, as of the next two
  std::string crate;
  std::string outcome;
  CrateOrder order = CrateOrder::kWallClock;
  std::size_t rows_max = 20;
};
bool is_known_outcome(std::string_view outcome);

struct Analysis {
  struct Group {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t errors = 0;
    std::uint64_t not_kept = 0;  // left alone, or run without a result that was kept
    std::uint64_t calls = 0;
    std::uint64_t ns = 0;
  };
  struct Slow {
    std::string outcome;
    std::string crate_name;
    std::string crate_type;
    std::string tool;
    std::uint64_t ns = 0;
  };
  using Groups = std::map<std::string, Group>;

  std::size_t lines = 0;      // that are not empty
  std::size_t parsed = 0;     // records, of whatever session
  std::size_t malformed = 0;  // lines that are none
  Group compiles;             // of the commands that were wanted
  Group links;
  Groups by_extension;
  Groups by_tool;
  Groups by_crate;
  std::vector<Slow> slowest;

  std::uint64_t calls() const { return compiles.calls + links.calls; }
};

Analysis analyze_journal(std::string_view text, const AnalysisWish& wish);

// Why this is no journal, in words for people; nothing if it is one.
std::optional<std::string> not_a_journal(std::string_view text, const Analysis& analysis);

codec::Json to_json(const Analysis& analysis, const AnalysisWish& wish, std::string_view path);
std::string to_text(const Analysis& analysis, const AnalysisWish& wish);

}  // namespace zc::cli
