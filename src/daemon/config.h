// Config: the daemon's own settings, from its environment, else from files of settings. Flags of
// the command line win over it (daemon/settings.h).
//
// A value that makes no sense never keeps the daemon from starting: the daemon uses the default and
// warns in the log and in `zccache status`.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.h"
#include "lifecycle/locations.h"
#include "log/log.h"
#include "os/directory.h"

namespace zc::daemon {

struct Config {
  std::int64_t idle_timeout_secs = 3600;  // 0: never
  std::uint64_t size_bytes_max = 0;       // of the store; above it, results are evicted
  std::uint64_t free_bytes_min = 0;       // of its file system; below it, likewise
  log::Level log_level = log::Level::kInfo;
  std::vector<std::string> warnings;  // of variables
};

// By the keys of config/keys.h that apply to a daemon. The size is 5 % of the file system by
// default, within 5..50 GiB.
Config read_config(const lifecycle::Environment& env,
                   const std::vector<config::Setting>& from_files, const os::DiskSpace& disk);

}  // namespace zc::daemon
