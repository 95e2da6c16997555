// Results: what compiles produced, when each was used last, and the manifests that lead to them.
//
// Thread: any.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "store/inputs.h"
#include "store/store.h"
#include "store/write_queue.h"

namespace zc::store {

class Results {
 public:
  // Borrows both.
  Results(WriteQueue& queue, Inputs& inputs);

  // As the functions of Store.
  std::optional<Manifest> manifest(const Digest& key) const;
  std::optional<ResultRecord> result(const Digest& key) const;
  void put_result(const Digest& manifest_key, InputSet set, ResultRecord result);
  std::optional<std::uint64_t> touch(const Digest& result_key, std::uint64_t output_bytes);

  // Whether the index or the queue has a result under this key; decodes nothing.
  bool has_result(const Digest& key) const;
  // Removes a result unless it was used after `ns` (since the epoch). True if it did.
  bool remove_unless_used_since(const Digest& key, std::int64_t ns);
  // Removes a result whenever it was used.
  void remove(const Digest& key);
  // Drops the sets of a manifest that lead to no result any more, and the manifest if none is left.
  void prune_manifest(const Digest& key);

  // What the value of Table::kAccess says.
  struct Use {
    std::int64_t time_ns = 0;
    std::optional<std::uint64_t> volume;  // Results::volume_ right after it
  };
  // Nothing when the bytes are no such value. Stores of before have times only.
  static std::optional<Use> use_in(std::string_view bytes);

  // What a result takes: its outputs, and its records.
  static std::uint64_t bytes_of(const std::vector<Output>& outputs);

 private:
  static constexpr std::uint64_t kRecordBytes = 4'096;

  void remove_locked(const Digest& key) ZC_REQUIRES(mutex_);
  std::vector<Write> used_now(const Digest& key, std::int64_t now_ns, std::uint64_t bytes);

  WriteQueue& queue_;
  Inputs& inputs_;
  std::atomic<std::uint64_t> volume_;  // the bytes of all results that were used, each time
  Mutex mutex_;                        // held from reading a record to queueing what it becomes
};

}  // namespace zc::store
