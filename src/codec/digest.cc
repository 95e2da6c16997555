#include "codec/digest.h"

#include <blake3.h>

#include "base/str.h"

namespace zc::codec {

static_assert(sizeof(Digest) == BLAKE3_OUT_LEN);

namespace {

Digest finish(const blake3_hasher& hasher) {
  Digest out;
  ::blake3_hasher_finalize(&hasher, out.bytes.data(), out.bytes.size());
  return out;
}

}  // namespace

std::string Digest::hex() const {
  return to_hex(view());
}

std::optional<Digest> Digest::from_view(std::string_view raw) {
  Digest out;
  if (raw.size() != out.bytes.size()) {
    return std::nullopt;
  }
  std::memcpy(out.bytes.data(), raw.data(), raw.size());
  return out;
}

struct Hasher::State {
  blake3_hasher hasher;
};

Hasher::Hasher() : state_(std::make_unique_for_overwrite<State>()) {
  ::blake3_hasher_init(&state_->hasher);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
  ::blake3_hasher_update(&state_->hasher, bytes.data(), bytes.size());
}

Digest Hasher::finish() const {
  return codec::finish(state_->hasher);
}

// On the stack: most texts are short, and a Hasher would allocate its state.
Digest digest_of(std::string_view bytes) {
  blake3_hasher hasher;
  ::blake3_hasher_init(&hasher);
  ::blake3_hasher_update(&hasher, bytes.data(), bytes.size());
  return finish(hasher);
}

void KeyHasher::field(std::string_view tag, std::string_view bytes) {
  // Both lengths come before the bytes, so no byte can move from a tag to its field, or from a
  // field to the next tag, without a change of the digest.
  fields_.sized(tag);
  fields_.u64(bytes.size());
  fields_.raw(bytes);
}

void KeyHasher::field(std::string_view tag, std::uint64_t value) {
  fields_.sized(tag);
  fields_.u64(sizeof value);
  fields_.u64(value);
}

Key KeyHasher::finish_key() {
  const Digest digest = finish();
  return {.digest = digest, .fields = fields_.take()};
}

std::optional<std::vector<KeyField>> read_fields(std::string_view fields) {
  std::vector<KeyField> out;
  ByteReader in(fields);
  while (!in.done()) {
    const std::string_view tag = in.sized();
    const std::string_view bytes = in.raw(static_cast<std::size_t>(in.u64()));
    if (in.bad()) {
      return std::nullopt;
    }
    out.push_back({.tag = tag, .bytes = bytes});
  }
  if (out.empty()) {
    return std::nullopt;
  }
  out.erase(out.begin());
  return out;
}

}  // namespace zc::codec
