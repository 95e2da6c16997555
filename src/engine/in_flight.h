// InFlight: identical compiles at the same time. The first one runs; the others wait for its
// result. If it fails or its client dies, exactly one of those that waited runs next.
//
// Thread: any.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "codec/digest.h"

namespace zc::engine {

class InFlight {
 public:
  // The right to compile; given back by its destructor, which wakes those who wait.
  class Lead {
   public:
    Lead(InFlight& owner, const codec::Digest& key) : owner_(&owner), key_(key) {}
    Lead(Lead&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), key_(other.key_) {}
    Lead(const Lead&) = delete;
    Lead& operator=(const Lead&) = delete;
    Lead& operator=(Lead&&) = delete;
    ~Lead() {
      if (owner_ != nullptr) {
        owner_->finish(key_);
      }
    }

   private:
    InFlight* owner_;
    codec::Digest key_;
  };

  // Nothing: somebody else compiles this now.
  std::optional<Lead> try_lead(const codec::Digest& key);

  // Until the present leader has finished, at most `timeout_ms`. True when it has (or there is
  // none).
  bool wait(const codec::Digest& key, int timeout_ms);

 private:
  struct Flight {
    std::condition_variable finished;
    bool done = false;
  };

  void finish(const codec::Digest& key);

  std::mutex mutex_;
  std::unordered_map<codec::Digest, std::shared_ptr<Flight>, codec::DigestHash> flights_;
};

}  // namespace zc::engine
