// What `zccache top` shows: its state, and the lines that are made of it.
//
// Thread: any; pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal_page.h"
#include "codec/json.h"
#include "history/command_record.h"
#include "history/tally.h"

namespace zc::cli {

// Since `top` began.
class TopCounts {
 public:
  void add(const history::CommandRecord& record);

  // The newest first, so many at most.
  static constexpr std::size_t kLastMax = 200;
  const std::deque<history::CommandRecord>& last() const { return last_; }
  // By what they are counted as: a reason, or what a miss is about.
  const std::map<std::string, std::uint64_t>& reasons() const { return reasons_; }

  const history::Tally& tally() const { return tally_; }

 private:
  history::Tally tally_;
  std::deque<history::CommandRecord> last_;
  std::map<std::string, std::uint64_t> reasons_;
};

struct TopMoment {
  std::optional<codec::Json> daemon;  // its figures; nothing: none runs
  std::optional<double> load;
  unsigned processors = 0;
  std::optional<std::uint64_t> jobs;  // of make, as far as that is known
  std::optional<std::uint64_t> free_jobs;
};

struct TopLayout {
  PageSize size;
  bool has_colors = false;
  bool shows_help = false;  // in place of the rest
};

// At most `rows` lines, none of them wider than the screen. The last one names the keys, if there
// is more than one.
std::vector<std::string> top_lines(const TopCounts& counts, const TopMoment& moment,
                                   const TopLayout& layout);

// One line for a command; of a path that is too long, the end.
std::string top_line(const history::CommandRecord& record, std::size_t columns);

}  // namespace zc::cli
