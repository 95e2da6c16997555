// Digest: the BLAKE3-256 name of content, and a Hasher for keys made of tagged fields.
//
// A digest names content and is trusted; a checksum only finds damage. Fields of a key go through
// KeyHasher, which puts a tag and a length before each, so that two different lists of fields never
// give the same bytes.
//
// Thread: values.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace zc::codec {

// All zeroes unless it is set.
struct Digest {
  std::array<unsigned char, 32> bytes{};

  // Byte by byte, which is also the order of the hexadecimal texts.
  auto operator<=>(const Digest&) const = default;
  // The 32 bytes; borrows from the digest.
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // 64 lower-case hexadecimal digits.
  std::string hex() const;
  // Nothing unless `raw` has exactly 32 bytes.
  static std::optional<Digest> from_view(std::string_view raw);
};

// Picks a bucket from the first bytes: a digest is uniform already.
struct DigestHash {
  std::size_t operator()(const Digest& d) const {
    std::size_t out = 0;
    std::memcpy(&out, d.bytes.data(), sizeof out);
    return out;
  }
};

// The digest of bytes that come in pieces. `finish` may be called more than once; `update` may
// follow it.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(std::string_view bytes);
  Digest finish() const;

 private:
  // Behind a pointer, so that one source file alone includes BLAKE3's header.
  struct State;
  std::unique_ptr<State> state_;
};

// The digest of a text at once.
Digest digest_of(std::string_view bytes);

// A digest over fields, and these: what two keys differ in is found in them.
struct Key {
  Digest digest;
  std::string fields;
};

// Hashes fields as (tag, length, bytes). `tag` names the kind of field, not its position. Keeps the
// fields in memory until the end: they are many and short, and to hash them all at once takes a
// tenth of the time.
class KeyHasher {
 public:
  // `domain` names the kind of key, so that two kinds of key with equal fields differ.
  explicit KeyHasher(std::string_view domain) { field("domain", domain); }
  // Fields enter the digest in the order of the calls. Equal tags may repeat. A number counts as
  // eight bytes, little-endian, whatever its value.
  void field(std::string_view tag, std::string_view bytes);
  void field(std::string_view tag, std::uint64_t value);
  Digest finish() const { return digest_of(fields_.bytes()); }
  // With the fields themselves; the hasher holds none afterwards.
  Key finish_key();

 private:
  ByteWriter fields_;
};

// A field of a key, as it was added. A number is eight bytes. Borrows from the fields.
struct KeyField {
  std::string_view tag;
  std::string_view bytes;
};
// Those of Key::fields, without the domain. Nothing for bytes that no KeyHasher wrote.
std::optional<std::vector<KeyField>> read_fields(std::string_view fields);

}  // namespace zc::codec
