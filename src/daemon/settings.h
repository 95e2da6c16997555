// Settings: what the daemon goes by, from flags, environment and files of settings; and what a
// request goes by: its own environment, else the files that concern it (config/files.h).
//
// Files are read again when they have changed. For a request, a setting of a file counts as if its
// variable had been in the environment: the rest of the daemon knows variables only.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "codec/json.h"
#include "compiler/bypass.h"
#include "config/files.h"
#include "config/settings.h"
#include "daemon/config.h"
#include "lifecycle/locations.h"
#include "log/log.h"
#include "os/directory.h"
#include "wire/message.h"

namespace zc::daemon {

// Of the daemon itself.
struct SettingSources {
  lifecycle::Environment env;
  std::string cwd;
  os::DiskSpace disk;                             // of the cache
  std::optional<std::int64_t> idle_timeout_secs;  // of the command line
  std::optional<log::Level> log_level;
};

class Settings {
 public:
  // Borrows `files` and `log`.
  Settings(config::Files& files, SettingSources sources, const log::Log& log);

  Config current() const;
  // Looks whether the daemon's files have changed; true if that changes the settings.
  bool refresh();

  // Puts into the request's environment what files say and it does not, and takes out what is not
  // usable. `texts` gets what the request then borrows. Errors: kDisabled; kBadConfiguration if it
  // is not known what a file says of inputs.
  compiler::OrBypass<> apply(wire::CompileRequest& request, std::deque<std::string>& texts);

  // About variables of the daemon, for people.
  std::vector<std::string> own_warnings() const;
  // The same, of requests and of files too.
  std::vector<std::string> warnings();
  // What of the daemon's settings its environment has set when it started, by key.
  codec::Json variables() const;

 private:
  static constexpr std::size_t kWarningsMax = 100;

  Config read();
  void warn(const std::string& text);

  config::Files& files_;
  const SettingSources sources_;
  const log::Log& log_;
  mutable Mutex mutex_;
  Config config_ ZC_GUARDED_BY(mutex_);
  std::set<std::string> of_requests_ ZC_GUARDED_BY(mutex_);  // warnings
};

}  // namespace zc::daemon
