// SessionFigures: what the commands of one session come to, as `zccache session-stats` shows it.
//
// Thread: one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "codec/json.h"
#include "history/command_record.h"
#include "history/tally.h"

namespace zc::history {

class SessionFigures {
 public:
  void add(const CommandRecord& record);

  // Adds the members of `session-stats --json` from "compilations" to "phase_profile".
  void describe(codec::Json& out) const;

 private:
  // Each look-up is in one of these.
  struct Lookups {
    std::uint64_t found = 0;           // the command was known, and its result is there
    std::uint64_t without_result = 0;  // it was known, nothing has changed, and there is no result
    std::uint64_t unknown = 0;         // nothing was known of the command
    std::map<std::string, std::uint64_t> other;  // by reason
  };
  // Sums of a kind of outcome, of commands whose phases were measured.
  struct Times {
    std::uint64_t count = 0;
    std::uint64_t total_ns = 0;
    std::uint64_t compiler_ns = 0;
    Phases phases;
  };

  void add_lookup(const CommandRecord& record);
  void add_times(const CommandRecord& record);
  codec::Json phase_profile() const;

  Tally tally_;
  Lookups lookups_;
  Times hits_;
  Times misses_;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace zc::history
