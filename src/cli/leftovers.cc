#include "cli/leftovers.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "base/path.h"
#include "base/version_order.h"
#include "cli/bytes_below.h"
#include "lifecycle/version_roots.h"
#include "os/directory.h"
#include "os/file_stamp.h"
#include "os/lock.h"

namespace zc::cli {

namespace {

std::vector<std::string> paths_in(const std::string& directory) {
  std::vector<std::string> out;
  for (const std::string& name : os::names_in(directory)) {
    out.push_back(join_path(directory, name));
  }
  return out;
}

bool is_own_directory(const std::string& path) {
  const Result<os::FileStamp> stamp = os::stat_own_link(path);
  return stamp && stamp->is_directory();
}

// The root itself and its namespaces: each may have a daemon.
std::vector<std::string> states_of(const std::string& root) {
  std::vector<std::string> out = paths_in(root + "/daemon-state");
  out.push_back(root);
  return out;
}

// By its programs, even if the daemon listens elsewhere and has no store.
bool has_program_in_use(const std::string& root) {
  return std::ranges::any_of(paths_in(root + "/runtime-binaries"), &os::is_in_use);
}

bool has_lock_held(const std::string& directory) {
  return std::ranges::any_of(paths_in(directory), [](const std::string& path) {
    return path.ends_with(".lock") && os::is_lock_held(path);
  });
}

// While the stores are locked, a daemon that starts just now finds its store in use and does
// without.
std::uint64_t remove_unless_held(const std::string& root) {
  if (has_program_in_use(root)) {
    return 0;
  }
  std::vector<os::FileLock> locks;
  for (const std::string& state : states_of(root)) {
    const std::string store = state + "/store";
    if (has_lock_held(state)) {
      return 0;
    }
    if (!is_own_directory(store)) {
      continue;
    }
    Result<std::optional<os::FileLock>> lock = os::FileLock::try_take(store + "/store.lock");
    if (!lock || !*lock) {
      return 0;
    }
    // Kept until everything is removed.
    locks.push_back(**std::move(lock));
  }
  const std::uint64_t bytes = bytes_below(root);
  std::error_code error;
  std::filesystem::remove_all(root, error);
  return error ? 0 : bytes;
}

}  // namespace

std::uint64_t remove_older_versions(const std::string& top_root, std::string_view own) {
  std::uint64_t bytes = 0;
  for (const lifecycle::VersionRoot& root : lifecycle::version_roots(top_root)) {
    if (compare_versions(root.version, own) == VersionOrder::kDaemonOlder) {
      bytes += remove_unless_held(root.path);
    }
  }
  return bytes;
}

}  // namespace zc::cli
