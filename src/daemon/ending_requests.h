// EndingRequests: requests whose client may have gone on already, and whose outcome is not counted
// yet. Whoever reads figures waits for these first, so that a script may read them right after a
// compile.
//
// Thread: any. An entry borrows the list it is in.
#pragma once

#include <cstdint>
#include <set>

#include "base/mutex.h"

namespace zc::daemon {

class EndingRequests {
 public:
  // From before the last reply until the outcome is counted.
  class Entry {
   public:
    explicit Entry(EndingRequests& all);
    ~Entry();
    Entry(const Entry&) = delete;

   private:
    EndingRequests& all_;
    std::uint64_t number_ = 0;
  };

  // Until the requests that are ending now have ended, not later ones; `wait_ms` at most.
  void wait(int wait_ms);

 private:
  Mutex mutex_;
  CondVar ended_;
  std::set<std::uint64_t> numbers_ ZC_GUARDED_BY(mutex_);  // as they came
  std::uint64_t next_ ZC_GUARDED_BY(mutex_) = 0;
};

}  // namespace zc::daemon
