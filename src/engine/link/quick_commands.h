// QuickCommands: keys of commands that took less time than a hit would. They are left alone for as
// long as the daemon runs.
//
// Thread: any.
#pragma once

#include <cstddef>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "codec/digest.h"

namespace zc::engine::link {

class QuickCommands {
 public:
  void add(const codec::Digest& key) {
    const MutexLock lock(mutex_);
    keys_.put(key, true);
  }
  bool has(const codec::Digest& key) const {
    const MutexLock lock(mutex_);
    return keys_.find(key) != nullptr;
  }

 private:
  static constexpr std::size_t kKeysMax = 10'000;

  mutable Mutex mutex_;
  BoundedMap<codec::Digest, bool, codec::DigestHash> keys_ ZC_GUARDED_BY(mutex_){kKeysMax};
};

}  // namespace zc::engine::link
