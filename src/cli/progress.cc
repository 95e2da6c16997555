#include "cli/progress.h"

#include "base/str.h"
#include "cli/format.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/terminal.h"

namespace zc::cli {

namespace {

constexpr int kIntervalMs = 200;

// Behind it, the cursor is at the beginning of an empty line.
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

Progress::Progress(std::string_view what, std::string_view things, Place place)
    : what_(what), things_(things), place_(place) {
  if (os::is_terminal(place_.fd)) {
    thread_ = std::thread([this] { run(); });
  }
}

Progress::~Progress() {
  if (!thread_.joinable()) {
    return;
  }
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    ended_.notify_all();
  }
  thread_.join();
}

std::string Progress::line(std::int64_t since_ms) const {
  std::string out = str_cat(what_, " … ", format_duration(static_cast<std::uint64_t>(since_ms)));
  if (!things_.empty()) {
    str_append(out, ", ", counted_.load(std::memory_order_relaxed), ' ', things_);
  }
  return out;
}

void Progress::run() {
  const std::int64_t begin_ms = os::monotonic_ms();
  bool has_shown = false;
  const MutexLock lock(mutex_);
  while (!stop_) {
    const std::int64_t since_ms = os::monotonic_ms() - begin_ms;
    if (since_ms >= place_.first_ms) {
      os::write_or_lose(place_.fd, str_cat(kClearLine, line(since_ms)));
      has_shown = true;
    }
    ended_.wait_for_ms(mutex_, has_shown ? kIntervalMs : place_.first_ms);
  }
  if (has_shown) {
    os::write_or_lose(place_.fd, kClearLine);
  }
}

}  // namespace zc::cli
