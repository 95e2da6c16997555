#include "lifecycle/start_mark.h"

#include <algorithm>
#include <string>

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/inheritance.h"
#include "os/signal.h"

namespace zc::lifecycle {

namespace {

constexpr std::uint64_t kMarkBytesMax = 4096;
constexpr std::uint64_t kDoublingsMax = 8;

struct Mark {
  std::uint64_t failures = 0;
  std::int64_t time_ns = 0;
  std::string limits;

  // One second after the first failure, two after the second, and so on up to 256.
  std::int64_t due_ns() const {
    return time_ns +
           (os::kSecondNs << std::min(std::max<std::uint64_t>(failures, 1) - 1, kDoublingsMax));
  }
};

// "<failures>\n<hard limits>\n". One that could not be written to its end counts as a few failures.
Mark read_mark(const Locations& locations) {
  constexpr std::uint64_t kSome = 4;
  const Result<os::Fd> fd = os::open_file(locations.start_mark(), os::Open::kInspect);
  const Result<os::FileStamp> stamp = fd ? os::stat_fd(fd->get()) : std::unexpected(fd.error());
  const Result<std::string> text =
      stamp ? os::read_fd(fd->get(), kMarkBytesMax) : std::unexpected(stamp.error());
  if (!text) {
    return {};
  }
  const std::vector<std::string_view> lines = split(*text, '\n');
  Mark out = {.failures = parse_u64(lines[0]).value_or(kSome),
              .time_ns = stamp->mtime_ns,
              .limits = os::hard_limits()};
  if (lines.size() > 1) {
    out.limits = lines[1];
  }
  return out;
}

}  // namespace

Result<> require_start_due(const Locations& locations) {
  const Mark mark = read_mark(locations);
  const std::int64_t now_ns = os::wall_ns();
  // A mark from the future (the clock was set back) holds up no compile.
  if (mark.failures == 0 || mark.limits != os::hard_limits() || now_ns < mark.time_ns ||
      now_ns >= mark.due_ns()) {
    return {};
  }
  return fail(Code::kUnavailable,
              str_cat("the daemon could not be started a moment ago (", mark.failures,
                      " times in a row); the next attempt is in ",
                      (mark.due_ns() - now_ns) / os::kSecondNs + 1, " s; see zccache start"));
}

void mark_start(const Locations& locations) {
  const std::uint64_t failures = read_mark(locations).failures + 1;
  const os::FileSizeSignalOff quiet;
  // Truncated and written rather than replaced: where the caller's limits forbid the bytes, the
  // file and its time remain.
  if (const Result<os::Fd> fd = os::open_file(locations.start_mark(), os::Open::kRewrite)) {
    (void)os::write_all(fd->get(), str_cat(failures, '\n', os::hard_limits(), '\n'));
  }
}

}  // namespace zc::lifecycle
