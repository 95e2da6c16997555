// RunningCommands: the commands that clients run now, as `status` lists them.
//
// Thread: any. An entry borrows the list it is in.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/mutex.h"
#include "codec/json.h"

namespace zc::daemon {

struct RunningCommand {
  std::int64_t start_ns = 0;  // since the epoch: when the client was told to run it
  std::int64_t client_pid = 0;
  std::string compiler;
  std::string subject;  // history::subject_of
  std::string cwd;
  std::string reason;  // why it runs untouched; empty: its result may be kept
};

// Bounded by the threads that serve requests, each of which has one entry at most, and by
// BypassedCommands::at_once_max.
class RunningCommands {
 public:
  // The command runs as long as this lives.
  class Entry {
   public:
    Entry(RunningCommands& all, RunningCommand command);
    ~Entry();
    Entry(const Entry&) = delete;

   private:
    RunningCommands& all_;
    std::uint64_t number_ = 0;
  };

  // The longest running first: an array of objects with the members of RunningCommand and `age_ms`.
  codec::Json to_json(std::int64_t now_ns) const;

 private:
  mutable Mutex mutex_;
  std::map<std::uint64_t, RunningCommand> commands_ ZC_GUARDED_BY(mutex_);  // as they came
  std::uint64_t next_ ZC_GUARDED_BY(mutex_) = 0;
};

}  // namespace zc::daemon
