#include "history/build.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "history/change.h"

namespace zc::history {

namespace {

constexpr std::size_t kAboutMax = 3;

// Measured with three processes for each processor: up to 9.8 ms.
constexpr std::int64_t kSeenLateNs = 10'000'000;

std::uint64_t time_of(const CommandRecord& record) {
  return record.compiler_ns != 0 ? record.compiler_ns : record.latency_ns;
}

std::string about_of(const CommandRecord& record) {
  return has_subject(record) ? subject_of(record) : words_of(record);
}

// If a command began shortly before this one's end was seen. `commands` are in order.
void end_before_next(CommandRecord& record, const std::vector<CommandRecord>& commands) {
  const std::int64_t replied_ns = record.start_ns + static_cast<std::int64_t>(record.latency_ns);
  const std::int64_t seen_ns = end_ns(record);
  const auto next = std::ranges::upper_bound(commands, std::max(replied_ns, seen_ns - kSeenLateNs),
                                             {}, &CommandRecord::start_ns);
  if (next != commands.end() && next->start_ns < seen_ns) {
    record.compiler_ns = static_cast<std::uint64_t>(next->start_ns - replied_ns);
  }
}

// Sums up what `text` says of each command that has this answer.
template <class Text>
std::vector<Cause> sum_up(const std::vector<CommandRecord>& commands, Answer answer, Text text) {
  std::map<std::string, Cause> causes;
  for (const CommandRecord& record : commands) {
    if (answer_to(record) != answer) {
      continue;
    }
    const std::string name = text(record);
    Cause& cause = causes[name];
    cause.text = name;
    ++cause.commands;
    cause.ns += time_of(record);
    if (cause.about.size() < kAboutMax) {
      cause.about.push_back(about_of(record));
    }
  }
  std::vector<Cause> out;
  for (auto& [name, cause] : causes) {
    out.push_back(std::move(cause));
  }
  std::ranges::stable_sort(out, [](const Cause& a, const Cause& b) { return a.ns > b.ns; });
  return out;
}

}  // namespace

Answer answer_to(const CommandRecord& record) {
  switch (record.outcome) {
    case Outcome::kHit:
    case Outcome::kLinkHit:
    case Outcome::kCachedError:
      return Answer::kHit;
    case Outcome::kMiss:
    case Outcome::kLinkMiss:
    case Outcome::kError:
      break;
  }
  return record.reason.empty() ? Answer::kMiss : Answer::kNotCached;
}

std::string words_of(const CommandRecord& record) {
  constexpr std::size_t kWordsMax = 160;
  std::string out(base_name(record.compiler));
  for (const std::string& word : record.args) {
    str_append(out, ' ', word);
    if (out.size() > kWordsMax) {
      return out.substr(0, kWordsMax) + " …";
    }
  }
  return out;
}

std::string cause_of_miss(const CommandRecord& record) {
  if (!record.why) {
    return "not known";
  }
  if (record.why->compared == Compared::kNearest) {
    return "first time; others like it are known";
  }
  if (!record.why->changes.empty()) {
    return text_of(record.why->changes.front());
  }
  const std::string cause = cause_of(record);
  return cause.empty() ? "nothing that is remembered has changed" : cause;
}

std::int64_t end_ns(const CommandRecord& record) {
  return record.start_ns + static_cast<std::int64_t>(duration_ns(record));
}

std::int64_t Build::begin_ns() const {
  return commands.empty() ? 0 : commands.front().start_ns;
}

std::int64_t Build::end_ns() const {
  std::int64_t out = begin_ns();
  for (const CommandRecord& record : commands) {
    out = std::max(out, history::end_ns(record));
  }
  return out;
}

void put_in_order(std::vector<CommandRecord>& commands) {
  std::ranges::stable_sort(commands, {}, &CommandRecord::start_ns);
  for (CommandRecord& record : commands) {
    if (record.was_left_alone() && record.compiler_ns > 0) {
      end_before_next(record, commands);
    }
  }
}

Tally tally_of(const std::vector<CommandRecord>& commands) {
  Tally out;
  for (const CommandRecord& record : commands) {
    out.add(record);
  }
  return out;
}

bool has_failed(const CommandRecord& record) {
  return record.exit_code.value_or(0) != 0;
}

std::vector<std::size_t> lanes_of(const Build& build) {
  std::vector<std::size_t> out;
  std::vector<std::int64_t> free_at;  // of each lane
  for (const CommandRecord& record : build.commands) {
    const auto lane = std::ranges::find_if(
        free_at, [&](std::int64_t free_ns) { return free_ns <= record.start_ns; });
    out.push_back(static_cast<std::size_t>(lane - free_at.begin()));
    if (lane == free_at.end()) {
      free_at.push_back(end_ns(record));
    } else {
      *lane = end_ns(record);
    }
  }
  return out;
}

std::vector<std::size_t> critical_path(const Build& build) {
  const std::vector<CommandRecord>& commands = build.commands;
  std::vector<std::size_t> by_end(commands.size());
  std::iota(by_end.begin(), by_end.end(), std::size_t{0});
  std::ranges::stable_sort(by_end, {}, [&](std::size_t i) { return end_ns(commands[i]); });
  std::vector<std::size_t> out;
  auto end = by_end.end();  // behind what may come before the last one of `out`
  while (end != by_end.begin()) {
    const auto last = end - 1;
    out.push_back(*last);
    end = std::upper_bound(
        by_end.begin(), last, commands[*last].start_ns,
        [&](std::int64_t start, std::size_t i) { return start < end_ns(commands[i]); });
  }
  std::ranges::reverse(out);
  return out;
}

std::vector<Cause> reasons_of(const std::vector<CommandRecord>& commands) {
  return sum_up(commands, Answer::kNotCached,
                [](const CommandRecord& record) { return record.reason; });
}

std::vector<Cause> causes_of_misses(const std::vector<CommandRecord>& commands) {
  return sum_up(commands, Answer::kMiss, cause_of_miss);
}

bool BuildGatherer::is_of_pause_group(const CommandRecord& record) const {
  return open_ && end_ns(record) >= open_begin_ns_ - kPauseNs;
}

bool BuildGatherer::add(const CommandRecord& record) {
  const bool may_begin = builds_.size() < wanted_;
  if (!record.session_id.empty()) {
    const auto known = std::ranges::find(builds_, record.session_id, &Build::session_id);
    if (known != builds_.end()) {
      known->commands.push_back(record);
    } else if (may_begin) {
      builds_.push_back({.session_id = record.session_id, .commands = {record}});
    } else {
      return is_of_pause_group(record);
    }
    return true;
  }
  if (is_of_pause_group(record)) {
    builds_[*open_].commands.push_back(record);
    open_begin_ns_ = std::min(open_begin_ns_, record.start_ns);
    return true;
  }
  if (!may_begin) {
    return false;
  }
  open_ = builds_.size();
  open_begin_ns_ = record.start_ns;
  builds_.push_back({.session_id = {}, .commands = {record}});
  return true;
}

std::vector<Build> BuildGatherer::take() {
  for (Build& build : builds_) {
    put_in_order(build.commands);
  }
  return std::exchange(builds_, {});
}

}  // namespace zc::history
