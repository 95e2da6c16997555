// Config: the daemon's settings from its environment, read once at start and never changed. Flags
// of the command line win over it (main.cc).
//
// A value that makes no sense never keeps the daemon from starting: the daemon uses the default and
// warns in the log and in `zccache status`.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lifecycle/locations.h"
#include "log/log.h"
#include "os/directory.h"

namespace zc::daemon {

struct Config {
  std::int64_t idle_timeout_secs = 3600;  // 0: never
  std::uint64_t size_bytes_max = 0;       // of the store; above it, results are evicted
  std::uint64_t free_bytes_min = 0;       // of its file system; below it, likewise
  log::Level log_level = log::Level::kInfo;
  std::vector<std::string> warnings;
};

//   ZCCACHE_IDLE_TIMEOUT_SECS  default 3600; 0: never
//   ZCCACHE_MAX_SIZE           as parse_size; default 5 % of the file system, within 5..50 GiB
//   ZCCACHE_LOG                error, warn, info or debug; default info
Config read_config(const lifecycle::Environment& env, const os::DiskSpace& disk);

// "500M", "5G", "1T", "5GiB", "5 GB" or plain bytes; units are powers of 1024. Nothing for any
// other text, for 0, and for a number that does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);

// Seconds, 0 or more, at most a century. Nothing for any other text.
std::optional<std::int64_t> parse_seconds(std::string_view text);

}  // namespace zc::daemon
