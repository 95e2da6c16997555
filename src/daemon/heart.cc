#include "daemon/heart.h"

#include <utility>

#include "os/clock.h"
#include "os/thread.h"

namespace zc::daemon {

Heart::Heart(std::string beat, Options options) : beat_(std::move(beat)), options_(options) {
  if (!os::start_thread(os::kThreadStackBytes, [this] { run(); })) {
    const MutexLock lock(mutex_);
    runs_ = false;
  }
}

Heart::~Heart() {
  const MutexLock lock(mutex_);
  is_ending_ = true;
  changed_.notify_all();
  while (runs_) {
    changed_.wait(mutex_);
  }
}

Heart::Beat::Beat(Heart& heart, wire::Connection& connection)
    : heart_(heart), connection_(connection), start_ms_(os::monotonic_ms()), last_ms_(start_ms_) {
  const MutexLock lock(heart_.mutex_);
  place_ = heart_.beats_.insert(heart_.beats_.end(), this);
  is_listed_ = true;
  if (heart_.is_asleep_) {
    heart_.is_asleep_ = false;
    heart_.changed_.notify_all();
  }
}

void Heart::Beat::stop() {
  const MutexLock lock(heart_.mutex_);
  if (std::exchange(is_listed_, false)) {
    heart_.beats_.erase(place_);
  }
}

bool Heart::Beat::is_client_lost() const {
  const MutexLock lock(heart_.mutex_);
  return is_lost_;
}

// A look every half interval, so that no pause is longer than one; most requests are over before
// the first.
void Heart::run() {
  const MutexLock lock(mutex_);
  while (!is_ending_) {
    if (beats_.empty()) {
      is_asleep_ = true;
      changed_.wait(mutex_);
      continue;
    }
    changed_.wait_for_ms(mutex_, options_.interval_ms / 2);
    send_due();
  }
  runs_ = false;
  changed_.notify_all();
}

// Under the mutex, since none of these sends waits.
void Heart::send_due() {
  const std::int64_t now_ms = os::monotonic_ms();
  for (Beat* beat : beats_) {
    const bool is_due = now_ms - beat->last_ms_ >= options_.interval_ms / 2;
    if (!is_due || beat->is_lost_ || now_ms - beat->start_ms_ > options_.longest_ms) {
      continue;
    }
    beat->last_ms_ = now_ms;
    const Result<> sent = beat->connection_.send(beat_, {}, 0);
    // One that does not read now may do so later.
    beat->is_lost_ = !sent && sent.error().code != Code::kTimeout;
  }
}

}  // namespace zc::daemon
