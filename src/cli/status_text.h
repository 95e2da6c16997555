// The figures of a cache for people.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "codec/json.h"
#include "history/figures.h"
#include "history/tally.h"

namespace zc::cli {

struct StatusFigures {
  codec::Json daemon;  // its reply to a request for figures; null: none runs
  codec::Json store;   // what it holds, where no daemon says so
  history::Figures lasting;
  std::optional<std::size_t> days;  // in place of the total
  std::int64_t now_ns = 0;          // since the epoch
};

// The figures since the daemon's start. Of an older daemon, those that it has.
history::Tally since_start(const codec::Json& daemon);

// The text that `zccache status` prints, with a newline after each line.
std::string status_text(const StatusFigures& shown);

}  // namespace zc::cli
