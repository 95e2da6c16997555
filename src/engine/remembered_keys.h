// RememberedKeys: keys of commands or results that are not worth storing, or cannot be stored. They
// are known for as long as the daemon runs.
//
// Thread: any.
#pragma once

#include <cstddef>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "codec/digest.h"

namespace zc::engine {

class RememberedKeys {
 public:
  void add(const codec::Digest& key) {
    const MutexLock lock(mutex_);
    keys_.put(key, true);
  }
  void forget() {
    const MutexLock lock(mutex_);
    keys_.clear();
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

}  // namespace zc::engine
