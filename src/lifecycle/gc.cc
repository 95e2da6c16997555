#include "lifecycle/gc.h"

#include "base/path.h"
#include "base/result.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file_stamp.h"
#include "os/lock.h"
#include "os/name.h"

namespace zc::lifecycle {

namespace {

// A minute: a daemon that starts has not locked its program yet. A day: as given (ADR 15).
constexpr std::int64_t kBinaryAgeNs = 60 * os::kSecondNs;
constexpr std::int64_t kLogAgeNs = 24 * std::int64_t{3600} * os::kSecondNs;

// Strictly older; a time in the future is no age at all.
bool is_older(const os::FileStamp& stamp, std::int64_t age_ns) {
  return os::wall_ns() - stamp.mtime_ns > age_ns;
}

void remove_unused(const std::string& path, std::int64_t age_ns) {
  const Result<os::FileStamp> stamp = os::stat_link(path);
  if (stamp && stamp->is_regular() && is_older(*stamp, age_ns) && !os::is_in_use(path)) {
    os::remove_name(path);
  }
}

}  // namespace

void gc_runtime_binaries(const std::string& directory) {
  for (const std::string& name : os::names_in(directory)) {
    remove_unused(join_path(directory, name), kBinaryAgeNs);
  }
}

bool is_expendable_log(std::string_view name) {
  const bool live = name == "daemon-lifecycle.log" ||
                    (name.starts_with("daemon-lifecycle-") && name.ends_with(".log"));
  return is_utf8(name) && !live;
}

void gc_logs(const std::string& directory) {
  for (const std::string& name : os::names_in(directory)) {
    if (is_expendable_log(name)) {
      remove_unused(join_path(directory, name), kLogAgeNs);
    }
  }
}

}  // namespace zc::lifecycle
