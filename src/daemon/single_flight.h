// SingleFlight: identical compiles at the same time. The first one runs; the others wait for its
// result. If it fails or its client dies, exactly one of those that waited runs next.
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"
#include "codec/digest.h"

namespace zc::daemon {

class SingleFlight {
 public:
  // The right to compile; given back by its destructor, which wakes the threads that wait. Its
  // owner stores the result before that, so that they find it. Borrows the SingleFlight.
  class Leader {
   public:
    Leader(SingleFlight& owner, const codec::Digest& key) : owner_(&owner), key_(key) {}
    Leader(Leader&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), key_(other.key_) {}
    ~Leader() {
      if (owner_ != nullptr) {
        owner_->finish(key_);
      }
    }

   private:
    SingleFlight* owner_;
    codec::Digest key_;
  };

  // Nothing: another client compiles this now.
  std::optional<Leader> try_lead(const codec::Digest& key);

  // Until the present leader has finished, at most `timeout_ms`. True when it has (or there is
  // none).
  bool wait(const codec::Digest& key, int timeout_ms);

 private:
  struct Run {
    CondVar ended;
  };

  void finish(const codec::Digest& key);
  bool is_present(const codec::Digest& key, const std::shared_ptr<Run>& run) const
      ZC_REQUIRES(mutex_);

  Mutex mutex_;
  // Each until it ends; the threads that wait for it share it.
  std::unordered_map<codec::Digest, std::shared_ptr<Run>, codec::DigestHash> runs_
      ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
