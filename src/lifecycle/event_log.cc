#include "lifecycle/event_log.h"

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/name.h"
#include "os/safe_directory.h"
#include "os/self.h"
#include "os/signal.h"

namespace zc::lifecycle {

namespace {

// Two writers must not both rename: the second would replace the archive by a nearly empty file.
void rotate(const std::string& path) {
  const Result<os::FileStamp> stamp = os::stat_path(path);
  if (!stamp || stamp->size_bytes <= kLifecycleLogBytesMax) {
    return;
  }
  const Result<std::optional<os::FileLock>> lock = os::FileLock::try_take(path);
  if (lock && lock->has_value()) {
    // Another writer may have rotated before we had the lock: then this file is the new one.
    const Result<os::FileStamp> now = os::stat_fd((*lock)->fd());
    if (now && now->size_bytes > kLifecycleLogBytesMax) {
      os::rename_to(path, path + ".1");
    }
  }
}

}  // namespace

LifecycleEvent::LifecycleEvent(std::string_view event, const Locations& locations, std::int64_t pid)
    : locations_(locations) {
  line_ = str_cat("{\"ts_ms\":", os::wall_ns() / 1'000'000);
  text("event", event);
  number("pid", pid != 0 ? pid : std::int64_t{os::process_id()});
  text("daemon_namespace", locations.label());
}

LifecycleEvent& LifecycleEvent::text(std::string_view name, std::string_view value) {
  str_append(line_, ",\"", name, "\":\"", json_escape(value), '"');
  return *this;
}

LifecycleEvent& LifecycleEvent::number(std::string_view name, std::int64_t value) {
  str_append(line_, ",\"", name, "\":", value);
  return *this;
}

LifecycleEvent& LifecycleEvent::numbers(std::string_view name,
                                        std::span<const std::int64_t> values) {
  str_append(line_, ",\"", name, "\":[");
  std::string_view comma;
  for (const std::int64_t value : values) {
    str_append(line_, comma, value);
    comma = ",";
  }
  line_ += ']';
  return *this;
}

void LifecycleEvent::append() const {
  if (!os::open_safe_directory(locations_.logs(), os::user_id(), os::Missing::kFail)) {
    return;
  }
  const std::string path = locations_.lifecycle_log();
  // The caller's limit on the size of files is a limit for its build: it must not end us here.
  const os::FileSizeSignalOff quiet;
  rotate(path);
  const Result<os::Fd> fd = os::open_file(path, os::Open::kAppendPlain);
  if (fd) {
    // Best effort: see the header.
    (void)os::write_all(fd->get(), line() + '\n');
  }
}

}  // namespace zc::lifecycle
