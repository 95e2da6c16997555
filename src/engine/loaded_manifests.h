// LoadedManifests: manifests that look-ups have loaded from the store, with the stamps at which
// their inputs were verified last. They share one table of inputs.
//
// Thread: any. Ownership: borrows the store.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>

#include "base/mutex.h"
#include "codec/digest.h"
#include "engine/inputs/input_set.h"
#include "store/store.h"

namespace zc::engine {

class LoadedManifests {
 public:
  explicit LoadedManifests(store::Store& store);

  // Null: the store has none, or it cannot be read.
  std::shared_ptr<const LoadedManifest> find(const codec::Digest& key);

  // Puts a set that has just been recorded, and found to hold, in front of what is known: the next
  // look-up need not load and verify it anew. `table` is the one that the set was made with.
  void put_first(const codec::Digest& key, std::shared_ptr<const LoadedSet> set,
                 std::shared_ptr<InputTable> table);

  // For the next set.
  std::shared_ptr<InputTable> table();

  // Forgets all; to be called after the store has been cleared. A look-up under way keeps those
  // that it holds, and finds no result for them.
  void forget();

 private:
  void keep(const codec::Digest& key, std::shared_ptr<const LoadedManifest> manifest);

  store::Store* store_;
  Mutex mutex_;
  std::shared_ptr<InputTable> table_ ZC_GUARDED_BY(mutex_);
  std::unordered_map<codec::Digest, std::shared_ptr<const LoadedManifest>, codec::DigestHash>
      loaded_ ZC_GUARDED_BY(mutex_);
  std::size_t bytes_ ZC_GUARDED_BY(mutex_) = 0;  // of all in `loaded_`
};

}  // namespace zc::engine
