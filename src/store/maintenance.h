// Maintenance: background work of the store. It counts the blobs after start, removes leftovers,
// evicts results if the store is too large or the disk too full, and unmaps pages of the index that
// were read.
//
// Thread: any.
// Owns: one thread, which the destructor stops.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "base/mutex.h"
#include "store/blob_store.h"
#include "store/evictor.h"
#include "store/index.h"

namespace zc::store {

class Maintenance {
 public:
  // Borrows all. `after_crash`: there may be blobs without a result, so a round runs after start.
  Maintenance(const Index& index, BlobStore& blobs, Evictor& evictor, bool after_crash);
  ~Maintenance();

  // The store has grown: makes the thread check whether it is too large.
  void poke();

  // No round runs while a Pause exists; the constructor waits for the present one to end.
  class Pause {
   public:
    explicit Pause(Maintenance& maintenance) ZC_NO_THREAD_SAFETY_ANALYSIS
        : round_(maintenance.round_mutex_) {
      round_.lock();
    }
    ~Pause() ZC_NO_THREAD_SAFETY_ANALYSIS { round_.unlock(); }
    Pause(const Pause&) = delete;

   private:
    Mutex& round_;
  };

  std::uint64_t evicted_results() const { return evicted_; }

 private:
  void run();
  void settle_in();
  void evict();
  void give_memory_back();
  bool wait();

  const Index& index_;
  BlobStore& blobs_;
  Evictor& evictor_;
  const bool after_crash_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> evicted_{0};

  Mutex round_mutex_;  // held during a round
  Mutex mutex_;
  CondVar wake_;
  bool poked_ ZC_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace zc::store
