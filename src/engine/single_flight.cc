#include "engine/single_flight.h"

#include <chrono>

namespace zc::engine {

std::optional<SingleFlight::Leader> SingleFlight::try_lead(const codec::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto [it, is_new] = runs_.try_emplace(key);
  if (!is_new) {
    return std::nullopt;
  }
  it->second = std::make_shared<Run>();
  return Leader(*this, key);
}

bool SingleFlight::wait(const codec::Digest& key, int timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto it = runs_.find(key);
  if (it == runs_.end()) {
    return true;
  }
  const std::shared_ptr<Run> flight = it->second;
  return flight->finished.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                   [&] { return flight->done; });
}

void SingleFlight::finish(const codec::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto it = runs_.find(key);
  it->second->done = true;
  it->second->finished.notify_all();
  runs_.erase(it);
}

}  // namespace zc::engine
