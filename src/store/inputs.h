// Inputs: small numbers for the inputs of compiles, since ten thousand compiles share most of them.
//
// An id is never reused for a second input, not even after its input was removed, the store cleared
// or a commit lost: a manifest that still names the id must find nothing rather than another file.
// Therefore writes that contain ids go through write(), which adds the counter to them.
//
// Thread: any.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "store/store.h"
#include "store/write_queue.h"

namespace zc::store {

class Inputs {
 public:
  // Borrows `queue`.
  explicit Inputs(WriteQueue& queue);

  // Nothing: no input has this id (any more), or its record is damaged.
  std::optional<Input> find(InputId id) const;
  // The id of an equal input, or a new one; kNoInput if there are no more numbers.
  InputId intern(const Input& input);

  // No input has this id or a higher one.
  InputId next_id() const;

  // Queues writes of which some contain ids.
  void write(std::vector<Write> writes);

  // Removes the inputs with these ids.
  void remove(std::span<const InputId> ids);
  // Forgets the ids in memory; call it after the tables were emptied.
  void forget();

  // The key of an id in Table::kInputs, and the reverse; nothing for bytes that are no such key.
  static std::string key_of(InputId id);
  static std::optional<InputId> id_of_key(std::string_view key);

 private:
  // The first half of the digest of an input, which is enough to distinguish inputs.
  using Name = std::array<char, 16>;
  struct NameHash {
    std::size_t operator()(const Name& name) const {
      std::size_t out = 0;
      std::memcpy(&out, name.data(), sizeof out);
      return out;
    }
  };
  static Name name_of(const Input& input);
  InputId recall(const Name& name, const Input& input) const;
  void queue_with_counter(std::vector<Write> writes) ZC_REQUIRES(mutex_);

  // 50 bytes each, so 5 MB when it is full.
  static constexpr std::size_t kNamesMax = 100'000;

  WriteQueue& queue_;
  mutable Mutex mutex_;
  InputId next_ ZC_GUARDED_BY(mutex_) = 1;
  BoundedMap<Name, InputId, NameHash> known_ ZC_GUARDED_BY(mutex_){kNamesMax};
};

}  // namespace zc::store
