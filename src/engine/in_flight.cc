#include "engine/in_flight.h"

#include <chrono>

namespace zc::engine {

std::optional<InFlight::Lead> InFlight::try_lead(const codec::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto [it, is_new] = flights_.try_emplace(key);
  if (!is_new) {
    return std::nullopt;
  }
  it->second = std::make_shared<Flight>();
  return Lead(*this, key);
}

bool InFlight::wait(const codec::Digest& key, int timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto it = flights_.find(key);
  if (it == flights_.end()) {
    return true;
  }
  const std::shared_ptr<Flight> flight = it->second;
  return flight->finished.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                   [&] { return flight->done; });
}

void InFlight::finish(const codec::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto it = flights_.find(key);
  it->second->done = true;
  it->second->finished.notify_all();
  flights_.erase(it);
}

}  // namespace zc::engine
