// Mutex, MutexLock and CondVar: the standard ones with the annotations that let clang
// (-Wthread-safety) check that a guarded member is only touched under its mutex.
//
//   Mutex mutex_;
//   int value_ ZC_GUARDED_BY(mutex_) = 0;
//
//   ZC_GUARDED_BY(m)   the member is accessed only by a thread that holds m
//   ZC_REQUIRES(m)     the caller holds m
//   ZC_EXCLUDES(m)     the caller does not hold m: the function locks it itself
//   ZC_ACQUIRE(m), ZC_RELEASE(m)   the function returns with m locked, or unlocked
//   ZC_NO_THREAD_SAFETY_ANALYSIS   for what the analysis cannot follow, with the reason beside it
//
// The attributes are described in clang's manual, "Thread Safety Analysis". GCC has none of them,
// so there the macros are empty.
//
// Not for the client, which has one thread.
// Thread: any; they synchronise threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#if defined(__clang__)
#define ZC_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define ZC_THREAD_ATTRIBUTE(x)
#endif

#define ZC_CAPABILITY(name) ZC_THREAD_ATTRIBUTE(capability(name))
#define ZC_SCOPED_CAPABILITY ZC_THREAD_ATTRIBUTE(scoped_lockable)
#define ZC_GUARDED_BY(mutex) ZC_THREAD_ATTRIBUTE(guarded_by(mutex))
#define ZC_REQUIRES(...) ZC_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define ZC_EXCLUDES(...) ZC_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ZC_ACQUIRE(...) ZC_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define ZC_RELEASE(...) ZC_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define ZC_NO_THREAD_SAFETY_ANALYSIS ZC_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace zc {

// Not recursive. Prefer MutexLock to the two functions.
class ZC_CAPABILITY("mutex") Mutex {
 public:
  void lock() ZC_ACQUIRE() { mutex_.lock(); }
  void unlock() ZC_RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds `mutex` for its own lifetime. Borrows it.
class ZC_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ZC_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() ZC_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits may wake for no reason: callers loop on their condition. Both waits release `mutex` while
// they sleep, and hold it again when they return.
class CondVar {
 public:
  // The standard class wants a lock object of its own: it adopts the caller's lock, and lets go of
  // it at the end without unlocking.
  void wait(Mutex& mutex) ZC_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  // False when `timeout_ms` passed without a wake-up.
  bool wait_for_ms(Mutex& mutex, std::int64_t timeout_ms) ZC_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const std::cv_status status = condition_.wait_for(lock, std::chrono::milliseconds(timeout_ms));
    lock.release();
    return status == std::cv_status::no_timeout;
  }

  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace zc
