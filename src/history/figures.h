// Figures: what lasts of a cache's statistics, as statistics.json keeps it
// (docs/formats/statistics.md): the total since it was last set to zero, and each of the last days.
//
// Thread: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/command_record.h"
#include "history/tally.h"

namespace zc::history {

struct Figures {
  static constexpr std::size_t kDaysMax = 400;

  std::int64_t since_ns = 0;  // since the epoch: the begin of the total
  Tally total;
  std::map<std::string, Tally> days;  // by date, "2026-01-31", in UTC; names only in the last one

  void add(const CommandRecord& record);
  // The last `count` days, today included, as far as there was a command; and what began in them.
  using Day = std::pair<const std::string*, const Tally*>;  // borrowed
  std::vector<Day> last(std::size_t count, std::int64_t now_ns) const;
  Tally last_days(std::size_t count, std::int64_t now_ns) const;
  bool operator==(const Figures&) const = default;

 private:
  Tally& day_of(const CommandRecord& record);
};

// "2026-01-31"
std::string date_of(std::int64_t ns);

std::string encode(const Figures& figures);
// Errors: kCorrupt for what is no such file, kInvalid for one of a newer version.
Result<Figures> decode_figures(std::string_view text);
// Errors: the same, and those of reading.
Result<Figures> read_figures(const std::string& path);

}  // namespace zc::history
