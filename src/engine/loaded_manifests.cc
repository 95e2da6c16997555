#include "engine/loaded_manifests.h"

#include "base/limits.h"

namespace zc::engine {

namespace {

// Bytes of memory for loaded manifests, and entries of the table of inputs that they share. Above
// it all are dropped and loaded again as needed, which costs microseconds each.
constexpr std::size_t kLoadedBytesMax = std::size_t{16} << 20;
constexpr std::size_t kLoadedInputsMax = 100'000;

}  // namespace

LoadedManifests::LoadedManifests(store::Store& store)
    : store_(&store), table_(std::make_shared<InputTable>(store)) {}

std::shared_ptr<InputTable> LoadedManifests::table() {
  const MutexLock lock(mutex_);
  return table_;
}

void LoadedManifests::forget() {
  const MutexLock lock(mutex_);
  loaded_.clear();
  bytes_ = 0;
  table_ = std::make_shared<InputTable>(*store_);
}

// The store is read outside of the mutex. Two threads may load the same manifest then; the later
// one replaces the other, which costs the time of loading it.
std::shared_ptr<const LoadedManifest> LoadedManifests::find(const Digest& key) {
  std::shared_ptr<InputTable> table;
  {
    const MutexLock lock(mutex_);
    if (const auto it = loaded_.find(key); it != loaded_.end()) {
      return it->second;
    }
    table = table_;
  }
  const std::optional<store::Manifest> stored = store_->manifest(key);
  if (!stored) {
    return nullptr;
  }
  auto fresh = std::make_shared<LoadedManifest>();
  fresh->table = table;
  for (const store::InputSet& set : stored->sets) {
    if (auto loaded = load_input_set(set, *table)) {
      fresh->sets.push_back(std::move(loaded));
    }
  }
  keep(key, fresh);
  return fresh;
}

// The table goes only together with all manifests, since their sets point into it.
void LoadedManifests::keep(const Digest& key, std::shared_ptr<const LoadedManifest> manifest) {
  const MutexLock lock(mutex_);
  const std::size_t bytes = manifest->bytes();
  if (bytes_ + bytes > kLoadedBytesMax) {
    loaded_.clear();
    bytes_ = 0;
    if (table_->size() > kLoadedInputsMax) {
      table_ = std::make_shared<InputTable>(*store_);
    }
  }
  if (const auto it = loaded_.find(key); it != loaded_.end()) {
    bytes_ -= it->second->bytes();
  }
  loaded_.insert_or_assign(key, std::move(manifest));
  bytes_ += bytes;
}

void LoadedManifests::put_first(const Digest& key, std::shared_ptr<const LoadedSet> set,
                                std::shared_ptr<InputTable> table) {
  (void)find(key);  // loads the older sets, if there are any
  auto fresh = std::make_shared<LoadedManifest>();
  fresh->sets.push_back(std::move(set));
  {
    const MutexLock lock(mutex_);
    if (const auto it = loaded_.find(key); it != loaded_.end()) {
      if (it->second->table != table) {
        // Its entries are of another generation: the next look-up loads it anew.
        bytes_ -= it->second->bytes();
        loaded_.erase(it);
        return;
      }
      for (const auto& older : it->second->sets) {
        if (older->result != fresh->sets.front()->result &&
            fresh->sets.size() < limits::kInputSetsMax) {
          fresh->sets.push_back(older);
        }
      }
    }
  }
  fresh->table = std::move(table);
  keep(key, std::move(fresh));
}

}  // namespace zc::engine
