#include "daemon/single_flight.h"

#include "os/clock.h"

namespace zc::daemon {

std::optional<SingleFlight::Leader> SingleFlight::try_lead(const codec::Digest& key) {
  const MutexLock lock(mutex_);
  const auto [it, is_new] = runs_.try_emplace(key);
  if (!is_new) {
    return std::nullopt;
  }
  it->second = std::make_shared<Run>();
  return Leader(*this, key);
}

bool SingleFlight::wait(const codec::Digest& key, int timeout_ms) {
  const os::Deadline deadline(timeout_ms);
  const MutexLock lock(mutex_);
  const auto it = runs_.find(key);
  if (it == runs_.end()) {
    return true;
  }
  const std::shared_ptr<Run> run = it->second;
  while (is_present(key, run)) {
    if (deadline.passed()) {
      return false;
    }
    run->ended.wait_for_ms(mutex_, deadline.left_ms());
  }
  return true;
}

// Another run of the same compile may have begun before a thread that waited wakes up.
bool SingleFlight::is_present(const codec::Digest& key, const std::shared_ptr<Run>& run) const {
  const auto it = runs_.find(key);
  return it != runs_.end() && it->second == run;
}

void SingleFlight::finish(const codec::Digest& key) {
  const MutexLock lock(mutex_);
  const auto it = runs_.find(key);
  // A thread that waits keeps the Run, and with it the CondVar, alive.
  it->second->ended.notify_all();
  runs_.erase(it);
}

}  // namespace zc::daemon
