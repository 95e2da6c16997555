// Statistics: the figures of a cache, since the daemon's start and since they were set to zero.
//
// They survive the daemon: a thread writes them to a file some seconds after they have changed, so
// the end of a machine costs the last seconds. A file that cannot be understood is renamed, and
// the figures begin at zero; a file that cannot be written is tried again with the next change.
//
// Thread: any. Owns: one thread; the destructor writes what is left.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "history/command_record.h"
#include "history/figures.h"
#include "history/tally.h"

namespace zc::history {

class Statistics {
 public:
  // Takes over the figures in the file at `path`, or, if there is no such file, in the one at
  // `older_path`. `warn` gets a sentence if they are lost.
  Statistics(std::string path, const std::string& older_path,
             const std::function<void(const std::string&)>& warn);
  ~Statistics();
  Statistics(const Statistics&) = delete;

  // The record is filled from its request.
  void add(const CommandRecord& record);

  // Back to zero: the figures since the start; or these and the total, and the days if `days_too`.
  void restart();
  void zero(bool days_too);

  Tally since_start() const;
  Figures lasting() const;

  // Writes what has changed since the last time. Errors: those of os::replace_file.
  Result<> save();
  // Why the last attempt to write it failed; empty: it did not.
  std::string problem() const;

 private:
  void load(const std::string& older_path, const std::function<void(const std::string&)>& warn);
  void changed() ZC_REQUIRES(mutex_);
  void run();

  const std::string path_;

  Mutex file_mutex_;  // taken before mutex_: one thread at a time writes the file

  mutable Mutex mutex_;
  CondVar work_;
  Tally since_start_ ZC_GUARDED_BY(mutex_);
  Figures lasting_ ZC_GUARDED_BY(mutex_);
  bool is_saved_ ZC_GUARDED_BY(mutex_) = true;
  std::string problem_ ZC_GUARDED_BY(mutex_);
  bool stop_ ZC_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace zc::history
