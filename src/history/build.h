// Build: the commands that a build ran, and what their times show: which ran at once, and what it
// waited for.
//
// The journal does not know builds. Commands of one session (ZCCACHE_SESSION_ID) are one; of the
// others, those that follow each other without a pause of more than kPauseNs. Two builds at the
// same time without sessions are therefore one.
//
// Thread: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/command_record.h"
#include "history/tally.h"

namespace zc::history {

// What the cache did for a command; `status` counts the same three.
enum class Answer : std::uint8_t { kHit, kMiss, kNotCached };
Answer answer_to(const CommandRecord& record);

// The program's name and the words, of a long command the first ones.
std::string words_of(const CommandRecord& record);

// In a few words, what a miss is about: the first change; never empty.
std::string cause_of_miss(const CommandRecord& record);

// As duration_ns, since the epoch.
std::int64_t end_ns(const CommandRecord& record);

struct Build {
  std::string session_id;               // empty: none
  std::vector<CommandRecord> commands;  // by their start; of a build that was found, not empty

  std::int64_t begin_ns() const;
  std::int64_t end_ns() const;
};

// By their start. The daemon sees the end of a command that was left alone a little late, if the
// machine is busy: one that the next command begins shortly before has ended when that began.
void put_in_order(std::vector<CommandRecord>& commands);

// The figures of a build are counted and divided as those of `status`.
Tally tally_of(const std::vector<CommandRecord>& commands);

// Its exit code, replayed or not, is not 0. Of a command that was left alone it is not known.
bool has_failed(const CommandRecord& record);

// For each command, in the order of the build, its lane: those of one lane did not overlap, and
// there are as few lanes as possible.
std::vector<std::size_t> lanes_of(const Build& build);

// What the build waited for: the command that ended last, before it the one that ended last before
// that began, and so on. Indices, in order of time.
std::vector<std::size_t> critical_path(const Build& build);

// Why commands were not served, or what misses are about.
struct Cause {
  std::string text;  // a reason's id, or a change as a sentence; "first time" and the like
  std::uint64_t commands = 0;
  std::uint64_t ns = 0;            // what these took
  std::vector<std::string> about;  // the first of them
};
// The reasons of what was not cached, and the causes of misses; the dearest first. A miss counts
// for the first change only.
std::vector<Cause> reasons_of(const std::vector<CommandRecord>& commands);
std::vector<Cause> causes_of_misses(const std::vector<CommandRecord>& commands);

// Puts records that come the newest first together to builds.
class BuildGatherer {
 public:
  static constexpr std::int64_t kPauseNs = 60'000'000'000;

  explicit BuildGatherer(std::size_t wanted) : wanted_(wanted) {}

  // False: there are as many builds as wanted, and all that come now belong to older ones. Of a
  // session, there may be more.
  bool add(const CommandRecord& record);

  // The newest first.
  std::vector<Build> take();

 private:
  bool is_of_pause_group(const CommandRecord& record) const;

  std::size_t wanted_;
  std::vector<Build> builds_;
  std::optional<std::size_t> open_;  // the oldest build without a session, among them
  std::int64_t open_begin_ns_ = 0;
};

}  // namespace zc::history
