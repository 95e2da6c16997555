#include "daemon/ending_requests.h"

#include "os/clock.h"

namespace zc::daemon {

EndingRequests::Entry::Entry(EndingRequests& all) : all_(all) {
  const MutexLock lock(all_.mutex_);
  number_ = all_.next_++;
  all_.numbers_.insert(number_);
}

EndingRequests::Entry::~Entry() {
  const MutexLock lock(all_.mutex_);
  all_.numbers_.erase(number_);
  all_.ended_.notify_all();
}

void EndingRequests::wait(int wait_ms) {
  const os::Deadline deadline(wait_ms);
  const MutexLock lock(mutex_);
  const std::uint64_t end = next_;
  while (!numbers_.empty() && *numbers_.begin() < end && !deadline.passed()) {
    ended_.wait_for_ms(mutex_, deadline.left_ms());
  }
}

}  // namespace zc::daemon
