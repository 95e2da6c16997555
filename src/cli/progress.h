// Progress: one line on a terminal that says what a command is doing, if that takes longer than a
// second. Anything but a terminal gets nothing.
//
// Thread: main. Owns: on a terminal, one thread; the destructor removes the line.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "base/mutex.h"

namespace zc::cli {

class Progress {
 public:
  struct Place {
    int fd = 2;            // standard error
    int first_ms = 1'000;  // what ends earlier shows nothing
  };

  // "reading the journal"; `things`: what count() counts, "commands", or nothing.
  explicit Progress(std::string_view what, std::string_view things = {})
      : Progress(what, things, {}) {}
  Progress(std::string_view what, std::string_view things, Place place);
  ~Progress();
  Progress(const Progress&) = delete;

  void count() { counted_.fetch_add(1, std::memory_order_relaxed); }

 private:
  void run();
  std::string line(std::int64_t since_ms) const;

  const std::string what_;
  const std::string things_;
  const Place place_;
  std::atomic<std::uint64_t> counted_ = 0;
  Mutex mutex_;
  CondVar ended_;
  bool stop_ ZC_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above; not on anything but a terminal
};

}  // namespace zc::cli
