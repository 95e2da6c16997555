#include "store/write_queue.h"

#include <algorithm>
#include <exception>
#include <limits>

#include "base/str.h"
#include "os/clock.h"

namespace zc::store {

namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// How long a write waits for further ones. A crash loses at most this much, which costs misses.
constexpr std::int64_t kSoonMs = 100;
constexpr std::int64_t kWheneverMs = 10'000;

// Waiting for the disk may take a tenth of the time, so that compilers can use a slow disk; but a
// group never waits longer than this.
constexpr std::int64_t kShareOfTime = 10;
constexpr std::int64_t kHoldBackMsMax = 2'000;

// Writers wait above it. A compile queues a few kilobytes, so this is hundreds of them. LMDB never
// gives back the memory of the pages that a commit has changed, which is up to ten times as much.
constexpr std::uint64_t kQueuedBytesMax = 1ULL << 20;

}  // namespace

WriteQueue::WriteQueue(Index& index, Warn warn)
    : index_(index), warn_(std::move(warn)), due_ms_(kNever), thread_([this] { run(); }) {}

WriteQueue::~WriteQueue() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  thread_.join();
}

void WriteQueue::write(std::vector<Write> writes, Durability durability) {
  std::uint64_t bytes = 0;
  for (const Write& write : writes) {
    bytes += write.key.size() + (write.value ? write.value->size() : 0);
  }
  const MutexLock lock(mutex_);
  while (queued_bytes_ > kQueuedBytesMax) {
    hurry_ = true;
    work_.notify_all();
    done_.wait(mutex_);
  }
  for (Write& write : writes) {
    queued_[static_cast<std::size_t>(write.table)].insert_or_assign(std::move(write.key),
                                                                    std::move(write.value));
  }
  queued_bytes_ += bytes;
  ++last_queued_;
  const std::int64_t due =
      os::monotonic_ms() + (durability == Durability::kSoon ? kSoonMs : kWheneverMs);
  if (due < due_ms_) {
    due_ms_ = due;
    work_.notify_all();
  }
}

std::optional<std::string> WriteQueue::get(Table table, std::string_view key) const {
  {
    const auto number = static_cast<std::size_t>(table);
    const MutexLock lock(mutex_);
    for (const Overlay* overlay : {&queued_, &committing_}) {
      const auto found = (*overlay)[number].find(key);
      if (found != (*overlay)[number].end()) {
        return found->second;
      }
    }
  }
  // A change is in the index before it leaves the overlay, so a reader cannot miss it in between.
  return index_.get(table, key);
}

std::uint64_t WriteQueue::count(Table table) const {
  const auto number = static_cast<std::size_t>(table);
  while (true) {
    const std::uint64_t entries = index_.stats().entries[number];
    Changes changes;
    {
      const MutexLock lock(mutex_);
      changes = queued_[number];
      changes.insert(committing_[number].begin(), committing_[number].end());
    }
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    for (const auto& [key, value] : changes) {
      const bool is_there = index_.get(table, key).has_value();
      added += !is_there && value ? 1 : 0;
      removed += is_there && !value ? 1 : 0;
    }
    // Otherwise the thread committed in between, and a key may have been counted twice.
    if (index_.stats().entries[number] == entries) {
      return entries + added - removed;
    }
  }
}

Result<> WriteQueue::flush() {
  const MutexLock lock(mutex_);
  const std::uint64_t target = last_queued_;
  while (last_done_ < target) {
    hurry_ = true;
    work_.notify_all();
    done_.wait(mutex_);
  }
  return last_result_;
}

// With the first mutex no group is being committed, so no older write can follow the emptied
// tables. The counter of ids in kMeta stays queued.
Result<> WriteQueue::drop_all() {
  const MutexLock commit_lock(commit_mutex_);
  {
    const MutexLock lock(mutex_);
    for (std::size_t i = 0; i < kTables; ++i) {
      if (static_cast<Table>(i) != Table::kMeta) {
        queued_[i].clear();
      }
    }
  }
  return index_.drop_all();
}

void WriteQueue::run() {
  while (wait_until_due()) {
    commit_group();
  }
}

// False if the queue is empty and stopping.
bool WriteQueue::wait_until_due() {
  const MutexLock lock(mutex_);
  while (true) {
    const bool has_work = last_done_ < last_queued_;
    // What is queued at the end is committed without a wait for more.
    if (stop_ || (hurry_ && has_work)) {
      return has_work;
    }
    const std::int64_t at = has_work ? std::max(due_ms_, not_before_ms_) : kNever;
    if (at == kNever) {
      work_.wait(mutex_);
      continue;
    }
    const std::int64_t now = os::monotonic_ms();
    if (at <= now) {
      return true;
    }
    work_.wait_for_ms(mutex_, at - now);
  }
}

void WriteQueue::commit_group() {
  const MutexLock commit_lock(commit_mutex_);
  std::uint64_t number = 0;
  {
    const MutexLock lock(mutex_);
    // Readers find the group in `committing_` until it is in the index.
    std::swap(queued_, committing_);
    number = last_queued_;
    queued_bytes_ = 0;
    due_ms_ = kNever;
    hurry_ = false;
  }
  const std::int64_t begin = os::monotonic_ms();
  // Only this thread changes `committing_`, so it may be read here without the lock.
  const auto& group = [this]()
                          ZC_NO_THREAD_SAFETY_ANALYSIS -> const Overlay& { return committing_; }();
  const Result<> result = try_commit(group);
  const std::int64_t end = os::monotonic_ms();
  {
    const MutexLock lock(mutex_);
    for (Changes& changes : committing_) {
      changes.clear();
    }
    last_done_ = number;
    not_before_ms_ = end + std::min((end - begin) * kShareOfTime, kHoldBackMsMax);
    note(result);
  }
  done_.notify_all();
}

Result<> WriteQueue::try_commit(const Overlay& group) {
  try {
    std::vector<Write> writes;
    for (std::size_t i = 0; i < kTables; ++i) {
      for (const auto& [key, value] : group[i]) {
        writes.push_back({.table = static_cast<Table>(i), .key = key, .value = value});
      }
    }
    return writes.empty() ? Result<>() : index_.commit(writes);
  } catch (const std::exception& error) {  // out of memory
    return fail(Code::kIo, str_cat("cannot write the index: ", std::string_view(error.what())));
  }
}

void WriteQueue::note(const Result<>& result) {
  if (!result && !has_warned_) {
    warn_(str_cat(result.error().message, "; recent results are not remembered"));
  }
  has_warned_ = !result;
  last_result_ = result;
}

}  // namespace zc::store
