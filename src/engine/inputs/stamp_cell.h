// StampCell: the identity under which something was last found true, readable without a lock.
//
// A hit compares hundreds of these; a lock each, or one for all, would serialise the daemon. A
// sequence number shows a reader that a writer came between; `matches` then answers "differs",
// which costs a second look and never a wrong one.
//
// Thread: any number of readers and writers.
#pragma once

#include <atomic>
#include <cstdint>

#include "os/file.h"

namespace zc::engine {

class StampCell {
 public:
  // Whether `s` is the stamp that was set last. False also before the first one, and while another
  // thread writes.
  bool matches(const os::FileStamp& s) const {
    const std::uint32_t before = sequence_.load(std::memory_order_acquire);
    const bool same = dev_.load(std::memory_order_acquire) == s.dev &&
                      ino_.load(std::memory_order_acquire) == s.ino &&
                      size_.load(std::memory_order_acquire) == s.size_bytes &&
                      mtime_.load(std::memory_order_acquire) == s.mtime_ns &&
                      ctime_.load(std::memory_order_acquire) == s.ctime_ns;
    return same && before % 2 == 0 && before != 0 &&
           sequence_.load(std::memory_order_acquire) == before;
  }

  void set(const os::FileStamp& s) {
    std::uint32_t before = sequence_.load(std::memory_order_relaxed);
    if (before % 2 != 0 ||
        !sequence_.compare_exchange_strong(before, before + 1, std::memory_order_acq_rel)) {
      return;  // Another writer is at it; theirs is as good as ours.
    }
    dev_.store(s.dev, std::memory_order_release);
    ino_.store(s.ino, std::memory_order_release);
    size_.store(s.size_bytes, std::memory_order_release);
    mtime_.store(s.mtime_ns, std::memory_order_release);
    ctime_.store(s.ctime_ns, std::memory_order_release);
    sequence_.store(before + 2, std::memory_order_release);
  }

 private:
  std::atomic<std::uint32_t> sequence_{0};  // odd: being written; 0: never set
  std::atomic<std::uint64_t> dev_{0};
  std::atomic<std::uint64_t> ino_{0};
  std::atomic<std::uint64_t> size_{0};
  std::atomic<std::int64_t> mtime_{0};
  std::atomic<std::int64_t> ctime_{0};
};

}  // namespace zc::engine
