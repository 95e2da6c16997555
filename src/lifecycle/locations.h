// Locations: where this user's daemon listens and where it keeps things, derived from the
// environment. Client, daemon and tools must derive the same answer, so it is done here only.
//
//   top root    ZCCACHE_CACHE_DIR, else with ZCCACHE_COLOCATE a directory on the volume of the
//               build (lifecycle/colocation.h), else $HOME/.zccache, else /tmp/zccache-<uid>/cache
//   root        <top>/v<version>: versions never share files
//   state       <root>, or ZCCACHE_DAEMON_STATE_DIR/v<version>; with ZCCACHE_DAEMON_NAMESPACE,
//               daemon-state/<namespace> below that
//   endpoint    ZCCACHE_ENDPOINT, else <state>/daemon-v<version>.sock when that fits in a socket
//               address, else /tmp/zccache-<uid>/<hash of it>-v<version>.sock
//   lock        <endpoint>.lock, held by flock for as long as the daemon lives
//
// The endpoint follows from the cache root alone (not from XDG_RUNTIME_DIR), so that a shell, a
// cron job and a container step with one cache also share one daemon.
//
// Thread: any; reads the environment it is given.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zc::lifecycle {

// The paths are absolute. Nothing here says that a file exists.
struct Locations {
  std::string top_root;
  std::string root;
  std::string state_root;  // ZCCACHE_DAEMON_STATE_DIR; empty: none
  std::string state;
  std::string endpoint;
  std::string lock;
  std::string daemon_namespace;  // empty: none

  std::string label() const { return daemon_namespace.empty() ? "default" : daemon_namespace; }
  std::string logs() const { return state + "/logs"; }
  std::string runtime_binaries() const { return root + "/runtime-binaries"; }
  std::string crashes() const { return state + "/crashes"; }
  std::string wrong_results() const { return state + "/wrong-results"; }
  std::string store() const { return state + "/store"; }
  std::string statistics() const { return state + "/statistics.json"; }
  // Exists from the beginning of a start until the daemon serves; see lifecycle/start_mark.h.
  std::string start_mark() const { return lock + ".start"; }
  // daemon-lifecycle.log, or daemon-lifecycle-<namespace>.log
  std::string lifecycle_log() const;
};

// Looks a variable up; nullptr when it is unset.
using Environment = std::function<const char*(const char*)>;

// `cwd` completes a relative ZCCACHE_CACHE_DIR. Errors: kInvalid for an unusable namespace or
// endpoint; the message names the variable and what to do.
Result<Locations> locate(const Environment& env, std::string_view version, std::string_view cwd,
                         std::uint32_t uid);

// Makes the directories of a daemon and makes sure that no other user can put anything into them or
// exchange them (os/safe_directory.h): the state directory and what is in it are closed to others,
// the mode of a socket directory that the user chose stays. Errors: kInvalid with the directory in
// the way and what to do; kIo.
Result<> make_directories(const Locations& at, std::uint32_t uid);

// The same of what is there already, changing nothing. A directory that is missing is no error.
Result<> check_directories(const Locations& at, std::uint32_t uid);

// The namespace as used in file names: trimmed, every byte outside [A-Za-z0-9._-] replaced by '_',
// above 32 bytes cut and completed by a hash of the original. Errors: kInvalid for "." and "..".
Result<std::string> sanitise_namespace(std::string_view text);

// 64-bit FNV-1a, as 16 hex digits: names files, protects nothing.
std::string path_hash(std::string_view text);

}  // namespace zc::lifecycle
