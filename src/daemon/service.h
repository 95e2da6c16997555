// Service: what the daemon does for its clients, as the server sees it.
//
// Thread: any; called from many threads at once.
#pragma once

#include <string>

#include "base/result.h"
#include "wire/frame.h"

namespace zc::daemon {

class Service {
 public:
  virtual ~Service() = default;

  // Serves one compile from request to last reply. The connection is closed afterwards.
  virtual void compile(wire::Connection& connection, wire::Frame request) = 0;

  // Declines a compile for which no thread is left, at once and without decoding it.
  virtual void turn_away(wire::Connection& connection) = 0;

  // What the reply to a status request contains besides the version: a JSON object that is made
  // once, since nothing may delay this reply.
  virtual const std::string& standing_json() const = 0;

  // A JSON object with the fields of `zccache status --json`. It contains all commands that have
  // ended; the function waits for them within limits::kSilenceMs.
  virtual std::string statistics_json() = 0;

  // Sets the figures to zero; those of each day stay unless `days_too`.
  virtual void zero(bool days_too) = 0;

  // Empties the cache. A JSON object: {"results_removed": n, "bytes_freed": n}.
  virtual Result<std::string> clear() = 0;

  // Called once, after the last request: writes everything to disk.
  virtual void drain() = 0;
};

}  // namespace zc::daemon
