#include "store/maintenance.h"

#include <exception>

#include "os/clock.h"
#include "os/memory.h"

namespace zc::store {

namespace {

// Other programs fill the disk too, so the thread checks it from time to time.
constexpr std::int64_t kDiskCheckMs = 30'000;

// Leftovers count in days, so an hour is often enough.
constexpr std::int64_t kTidyMs = 60LL * 60 * 1000;

}  // namespace

Maintenance::Maintenance(const Index& index, BlobStore& blobs, Evictor& evictor, bool after_crash)
    : index_(index), blobs_(blobs), evictor_(evictor), after_crash_(after_crash), thread_([this] {
        run();
      }) {}

Maintenance::~Maintenance() {
  stop_ = true;
  poke();
  thread_.join();
}

void Maintenance::poke() {
  {
    const MutexLock lock(mutex_);
    poked_ = true;
  }
  wake_.notify_one();
}

void Maintenance::run() {
  try {
    settle_in();
    os::Deadline tidy_at(kTidyMs);
    do {
      evict();
      give_memory_back();
      if (tidy_at.passed()) {
        blobs_.tidy();
        tidy_at = os::Deadline(kTidyMs);
      }
    } while (wait());
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Out of memory. The store continues to serve, and grows, until the next start.
  }
}

// After start. Counting reads 256 directories, so the thread does it while compiles are served.
void Maintenance::settle_in() {
  for (unsigned number = 0; number < Layout::kShards && !stop_; ++number) {
    blobs_.count_shard(number);
  }
  if (stop_) {
    return;
  }
  blobs_.tidy();
  if (after_crash_) {
    const Pause round(*this);
    evicted_ += evictor_.run(stop_);
  }
}

// Until the store is small enough, or a round removes nothing.
void Maintenance::evict() {
  while (!stop_ && evictor_.is_due()) {
    const Pause round(*this);
    const std::uint64_t evicted = evictor_.run(stop_);
    evicted_ += evicted;
    if (evicted == 0) {
      return;
    }
  }
}

// Releases pages of the index that were read, pins of blobs whose results are stored, and memory
// that the allocator keeps after a burst of work.
void Maintenance::give_memory_back() {
  index_.release_pages();
  {
    const Pause round(*this);
    blobs_.unpin();
  }
  os::return_freed_memory();
}

// False if the thread must stop.
bool Maintenance::wait() {
  const MutexLock lock(mutex_);
  if (!poked_) {
    wake_.wait_for_ms(mutex_, kDiskCheckMs);
  }
  poked_ = false;
  return !stop_;
}

}  // namespace zc::store
