#include "lifecycle/silence.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/name.h"
#include "os/safe_directory.h"
#include "os/self.h"

namespace zc::lifecycle {

namespace {

// A daemon that was frozen by accident serves again soon; one that stays so costs one compile a
// minute its patience.
constexpr std::int64_t kFirstSpanMs = 5'000;
constexpr std::int64_t kLongestSpanMs = 60'000;

}  // namespace

SilenceMark::SilenceMark(const Locations& locations)
    : locations_(locations), path_(locations.lock + ".silent") {}

std::optional<std::string> SilenceMark::socket() const {
  const Result<os::FileStamp> stamp = os::stat_path(locations_.endpoint);
  if (!stamp) {
    return std::nullopt;
  }
  return str_cat(stamp->dev, ' ', stamp->ino, ' ', stamp->ctime_ns);
}

// "<device> <inode> <ctime>,<until>,<span>": where the link leads to. A link takes one call to
// read, and no limit on the size of files (RLIMIT_FSIZE) can end the process that makes one.
std::optional<SilenceMark::Mark> SilenceMark::read() const {
  TRY_ASSIGN(const std::string text, os::symlink_target(path_));
  const std::vector<std::string_view> parts = split(text, ',');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  TRY_ASSIGN(const std::uint64_t until, parse_u64(parts[1]));
  TRY_ASSIGN(const std::uint64_t span, parse_u64(parts[2]));
  return Mark{.socket = std::string(parts[0]),
              .until_ms = static_cast<std::int64_t>(until),
              .span_ms = static_cast<std::int64_t>(span)};
}

// Without a mark each compile finds out for itself, so no failure matters.
void SilenceMark::write(const std::string& socket, std::int64_t span_ms) const {
  if (!os::open_safe_directory(std::string(dir_name(path_)), os::user_id(), os::Missing::kFail)) {
    return;
  }
  const std::string text = str_cat(socket, ',', os::monotonic_ms() + span_ms, ',', span_ms);
  // A link cannot be changed, but another one can take its name in one step.
  const std::string temporary = str_cat(path_, ".tmp-", os::process_id());
  os::remove_name(temporary);
  if (os::make_symlink(text, temporary) == 0 && os::rename_to(temporary, path_) != 0) {
    os::remove_name(temporary);
  }
}

SilenceMark::Advice SilenceMark::look() const {
  const std::optional<Mark> mark = read();
  if (!mark) {
    return Advice::kWait;
  }
  if (mark->socket != socket()) {
    clear();
    return Advice::kWait;
  }
  const std::int64_t left_ms = mark->until_ms - os::monotonic_ms();
  // The clock starts anew when the machine does: what lies too far ahead was written before that.
  if (left_ms > 0 && left_ms <= kLongestSpanMs) {
    return Advice::kLeave;
  }
  // A mark that ran out less than a minute ago is followed by one that counts twice as long; an
  // older one begins anew.
  const bool goes_on = left_ms <= 0 && -left_ms < kLongestSpanMs;
  write(mark->socket,
        goes_on ? std::clamp(2 * mark->span_ms, kFirstSpanMs, kLongestSpanMs) : kFirstSpanMs);
  return Advice::kProbe;
}

void SilenceMark::set() const {
  const std::optional<Mark> mark = read();
  const std::optional<std::string> now = socket();
  // A mark that still counts stays, with the span that it has reached.
  if (!now || (mark && mark->socket == *now && mark->until_ms > os::monotonic_ms())) {
    return;
  }
  write(*now, kFirstSpanMs);
}

void SilenceMark::clear() const {
  os::remove_name(path_);
}

}  // namespace zc::lifecycle
