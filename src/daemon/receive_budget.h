// SharedBudget: the memory that all connections of a server together may take for requests which
// have arrived in part. The server drops a request that would exceed it.
//
// Thread: any.
#pragma once

#include <cstddef>

#include "base/mutex.h"
#include "wire/frame.h"

namespace zc::daemon {

class SharedBudget final : public wire::ReceiveBudget {
 public:
  explicit SharedBudget(std::size_t bytes_max) : left_(bytes_max) {}

  bool take(std::size_t bytes) override {
    const MutexLock lock(mutex_);
    if (bytes > left_) {
      return false;
    }
    left_ -= bytes;
    return true;
  }

  void give_back(std::size_t bytes) override {
    const MutexLock lock(mutex_);
    left_ += bytes;
  }

 private:
  Mutex mutex_;
  std::size_t left_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
