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
  virtual void compile(wire::Channel& channel, wire::Frame request) = 0;

  // Answers a compile that no thread is left for, without a look at it and at once.
  virtual void turn_away(wire::Channel& channel) = 0;

  // What goes with the version when somebody asks whether we are there: a JSON object that is made
  // once, since nothing that happens may delay this answer.
  virtual const std::string& standing_json() const = 0;

  // A JSON object; its fields are those of `zccache status --json`. What has ended is in it; waits
  // for that within limits::kSilenceMs.
  virtual std::string statistics_json() = 0;

  // Empties the cache. A JSON object: {"results_removed": n, "bytes_freed": n}.
  virtual Result<std::string> clear() = 0;

  // Called once, after the last request: everything that is kept goes to disk.
  virtual void drain() = 0;
};

}  // namespace zc::daemon
