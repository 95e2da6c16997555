// Results: what compiles produced, when each was used last, and the manifests that lead to them.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <optional>

#include "base/mutex.h"
#include "store/inputs.h"
#include "store/store.h"
#include "store/write_queue.h"

namespace zc::store {

class Results {
 public:
  // Borrows both.
  Results(WriteQueue& queue, Inputs& inputs) : queue_(queue), inputs_(inputs) {}

  // As the functions of Store.
  std::optional<Manifest> manifest(const Digest& key) const;
  std::optional<ResultRecord> result(const Digest& key) const;
  void put_result(const Digest& manifest_key, InputSet set, ResultRecord result);
  void touch(const Digest& result_key);

  // Whether the index or the queue has a result under this key; decodes nothing.
  bool has_result(const Digest& key) const;
  // Removes a result unless it was used after `ns` (since the epoch). True if it did.
  bool remove_unless_used_since(const Digest& key, std::int64_t ns);
  // Removes a result whenever it was used.
  void remove(const Digest& key);
  // Drops the sets of a manifest that lead to no result any more, and the manifest if none is left.
  void prune_manifest(const Digest& key);

  // The bytes of a value of Table::kAccess; nothing when they are not one.
  static std::optional<std::int64_t> use_time(std::string_view bytes);

 private:
  void remove_locked(const Digest& key) ZC_REQUIRES(mutex_);

  WriteQueue& queue_;
  Inputs& inputs_;
  Mutex mutex_;  // held from reading a record to queueing what it becomes
};

}  // namespace zc::store
