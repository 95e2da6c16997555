// WriteQueue: one thread gathers writes to the index and commits them in groups.
//
// A commit waits for the disk, so the thread does not commit single writes: the first write of a
// group starts a short wait for more. get() sees queued writes at once. If the thread cannot commit
// a group (disk full), it drops the group and warns once; the cache then has lost that group, which
// costs misses.
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

  // Borrows `index`, to which no other object may write. `warn` may be called by the thread.
  WriteQueue(Index& index, Warn warn);
  ~WriteQueue();

  // kSoon: starts the short wait of a group. kWhenever: not worth a commit of its own; waits for
  // the next group, or some seconds.
  enum class Durability : std::uint8_t { kSoon, kWhenever };

  // All of `writes` become visible, and are committed, together. Blocks while too much is queued.
  void write(std::vector<Write> writes, Durability durability = Durability::kSoon);

  // The value that the key has, or will have once the queued writes are committed.
  std::optional<std::string> get(Table table, std::string_view key) const;

  // Records that the table will have once the queued writes are committed. Reads the index for each
  // queued key, so it is for status requests, not for compiles.
  std::uint64_t count(Table table) const;

  // Waits until the writes that are queued now are committed. Errors: kNoSpace, kIo: the last
  // commit failed.
  Result<> flush();

  // Drops the queued writes and empties every table but kMeta. Errors: kNoSpace, kIo.
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

  Mutex commit_mutex_;  // held by the thread that changes the index; taken before mutex_
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
