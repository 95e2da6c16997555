// BoundedMap: what was found out once, remembered by its key in bounded memory. The entry that
// would be one too many drops all others first.
//
// All that it forgets can be found out again. The bounds are chosen so that an honest build stays
// below them, so which entries go hardly matters; dropping the least recently used ones instead
// would turn each look-up into a write and cost a list node per entry.
//
// Thread: one at a time; the owner guards it with its mutex. Ownership: keys and values are copies.
#pragma once

#include <cstddef>
#include <functional>
#include <unordered_map>
#include <utility>

namespace zc {

template <class Key, class Value, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class BoundedMap {
 public:
  explicit BoundedMap(std::size_t entries_max) : entries_max_(entries_max) {}

  // Null: unknown. Valid until the next change of the map.
  const Value* find(const Key& key) const {
    const auto it = entries_.find(key);
    return it == entries_.end() ? nullptr : &it->second;
  }

  // Adds or replaces.
  void put(const Key& key, Value value) {
    // A known key only gets a new value: the other entries stay.
    if (entries_.size() >= entries_max_ && !entries_.contains(key)) {
      entries_.clear();
    }
    entries_.insert_or_assign(key, std::move(value));
  }

  void erase(const Key& key) { entries_.erase(key); }
  void clear() { entries_.clear(); }

 private:
  const std::size_t entries_max_;
  std::unordered_map<Key, Value, Hash, Equal> entries_;
};

}  // namespace zc
