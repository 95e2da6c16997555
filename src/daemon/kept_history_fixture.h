// KeptHistory: the log of commands of a test, which counts at once.
//
// Thread: any. Borrows the statistics.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "history/command_log.h"
#include "history/statistics.h"

namespace zc::daemon {

class KeptHistory final : public history::CommandLog {
 public:
  explicit KeptHistory(history::Statistics& statistics) : statistics_(statistics) {}
  void add(std::string request, history::CommandRecord record) override {
    history::fill_from_request(request, record);
    statistics_.add(record);
    const MutexLock lock(mutex_);
    records_.push_back(std::move(record));
  }
  void flush() override {}
  std::vector<history::CommandRecord> records() {
    const MutexLock lock(mutex_);
    return records_;
  }

 private:
  history::Statistics& statistics_;
  Mutex mutex_;
  std::vector<history::CommandRecord> records_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
