// WriteQueue: writes to the index, gathered and committed in groups by one thread.
//
// A commit waits for the disk, so none is made for a single write: the first write of a group
// starts a short wait for more. What is queued is seen by get() at once. A group that cannot be
// committed (disk full) is dropped and said once; the cache then has forgotten it, which costs
// misses.
//
// Thread: any.
// Owns: the committing thread; the destructor commits what is left.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "store/index.h"

namespace zc::store {

class WriteQueue {
 public:
  using Warn = std::function<void(const std::string&)>;

  // Borrows `index`, which nobody else may write to.
  WriteQueue(Index& index, Warn warn);
  ~WriteQueue();
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // kWhenever: not worth a commit of its own; goes with the next one, or after some seconds.
  enum class Durability : std::uint8_t { kSoon, kWhenever };

  // All of `writes` become visible, and are committed, together. Waits while too much is queued.
  void write(std::vector<Write> writes, Durability durability = Durability::kSoon);

  std::optional<std::string> get(Table table, std::string_view key) const;

  // Records that the table will hold once what is queued is committed. Reads the index for each
  // queued key, so it is for people who ask, not for compiles.
  std::uint64_t count(Table table) const;

  // Waits until what is queued now is committed. Errors: kNoSpace, kIo: the last commit failed.
  Result<> flush();

  // Forgets what is queued and empties every table but kMeta.
  Result<> drop_all();

 private:
  // By table: the value that a key will have, or nothing when it will be removed.
  using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;
  using Overlay = std::array<Changes, kTables>;

  void run();
  bool wait_until_due();
  void commit_group();
  Result<> try_commit(const Overlay& group);
  void note(const Result<>& result) ZC_REQUIRES(mutex_);

  Index& index_;
  Warn warn_;

  Mutex commit_mutex_;  // held by whoever changes the index; taken before mutex_
  mutable Mutex mutex_;
  CondVar work_;  // something to do for the thread
  CondVar done_;  // a group was committed or dropped
  Overlay queued_ ZC_GUARDED_BY(mutex_);
  Overlay committing_ ZC_GUARDED_BY(mutex_);
  std::uint64_t queued_bytes_ ZC_GUARDED_BY(mutex_) = 0;
  std::uint64_t last_queued_ ZC_GUARDED_BY(mutex_) = 0;  // writes are numbered
  std::uint64_t last_done_ ZC_GUARDED_BY(mutex_) = 0;
  std::int64_t due_ms_ ZC_GUARDED_BY(mutex_);
  std::int64_t not_before_ms_ ZC_GUARDED_BY(mutex_) = 0;
  bool hurry_ ZC_GUARDED_BY(mutex_) = false;
  bool stop_ ZC_GUARDED_BY(mutex_) = false;
  bool has_warned_ ZC_GUARDED_BY(mutex_) = false;
  Result<> last_result_ ZC_GUARDED_BY(mutex_);

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace zc::store
