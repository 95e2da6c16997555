#include "store/inputs.h"

#include <limits>

#include "base/bytes.h"
#include "store/records.h"

namespace zc::store {

namespace {

constexpr std::string_view kNextId = "next_input_id";

std::string number_bytes(InputId id) {
  ByteWriter out;
  out.u32(id);
  return out.take();
}

std::optional<InputId> number_of(const std::optional<std::string>& bytes) {
  if (!bytes || bytes->size() != sizeof(InputId)) {
    return std::nullopt;
  }
  return ByteReader(*bytes).u32();
}

}  // namespace

// Big-endian, so that tables are in the order of the numbers.
std::string Inputs::key_of(InputId id) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(id >> static_cast<unsigned>(shift)));
  }
  return out;
}

std::optional<InputId> Inputs::id_of_key(std::string_view key) {
  if (key.size() != sizeof(InputId)) {
    return std::nullopt;
  }
  InputId id = 0;
  for (const char c : key) {
    id = (id << 8U) | static_cast<unsigned char>(c);
  }
  return id;
}

Inputs::Inputs(WriteQueue& queue) : queue_(queue) {
  const MutexLock lock(mutex_);
  next_ = number_of(queue_.get(Table::kMeta, kNextId)).value_or(1);
}

Inputs::Name Inputs::name_of(const Input& input) {
  codec::KeyHasher hasher("input");
  hasher.field("kind", static_cast<std::uint64_t>(input.kind));
  hasher.field("root", input.root);
  hasher.field("name", input.name);
  if (input.digest) {
    hasher.field("digest", input.digest->view());
  }
  const Digest digest = hasher.finish();
  Name out;
  std::memcpy(out.data(), digest.bytes.data(), out.size());
  return out;
}

std::optional<Input> Inputs::find(InputId id) const {
  const std::optional<std::string> bytes = queue_.get(Table::kInputs, key_of(id));
  return bytes ? decode_input(*bytes) : std::nullopt;
}

// The id that the index has for an input, if that really leads back to it.
InputId Inputs::recall(const Name& name, const Input& input) const {
  const auto id = number_of(queue_.get(Table::kInputIds, {name.data(), name.size()}));
  if (!id || *id == kNoInput) {
    return kNoInput;
  }
  const std::optional<Input> there = find(*id);
  return there == input ? *id : kNoInput;
}

InputId Inputs::intern(const Input& input) {
  const Name name = name_of(input);
  const MutexLock lock(mutex_);
  // Under the mutex up to the end, so that two threads never number one input twice.
  if (const InputId* known = known_.find(name)) {
    return *known;
  }
  InputId id = recall(name, input);
  if (id == kNoInput) {
    if (next_ == std::numeric_limits<InputId>::max()) {
      return kNoInput;
    }
    id = next_++;
    queue_with_counter(
        {{Table::kInputs, key_of(id), encode(input)},
         {Table::kInputIds, std::string(name.data(), name.size()), number_bytes(id)}});
  }
  known_.put(name, id);
  return id;
}

InputId Inputs::next_id() const {
  const MutexLock lock(mutex_);
  return next_;
}

void Inputs::write(std::vector<Write> writes) {
  const MutexLock lock(mutex_);
  queue_with_counter(std::move(writes));
}

// Under the mutex, so that the counter in the queue never goes back.
void Inputs::queue_with_counter(std::vector<Write> writes) {
  writes.push_back({Table::kMeta, std::string(kNextId), number_bytes(next_)});
  queue_.write(std::move(writes));
}

void Inputs::remove(std::span<const InputId> ids) {
  const MutexLock lock(mutex_);
  std::vector<Write> writes;
  for (const InputId id : ids) {
    // A damaged input has no name to look up. Its entry in kInputIds stays, and recall() does not
    // believe it.
    if (const std::optional<Input> input = find(id)) {
      const Name name = name_of(*input);
      known_.erase(name);
      writes.push_back({Table::kInputIds, std::string(name.data(), name.size()), std::nullopt});
    }
    writes.push_back({Table::kInputs, key_of(id), std::nullopt});
  }
  if (!writes.empty()) {
    queue_.write(std::move(writes));
  }
}

void Inputs::forget() {
  const MutexLock lock(mutex_);
  known_.clear();
}

}  // namespace zc::store
