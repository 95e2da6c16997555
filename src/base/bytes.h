// Bounds-checked little-endian coding of byte strings; used by the wire and by digests of fields.
//
// A ByteView borrows; the caller that made it keeps the bytes alive. A reader never reads past its
// view: after the first short read it is `bad()`, and every later read returns zero or an empty
// view, so a decoder may read a whole record and test once.
//
// Thread: values, no shared state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zc {

using ByteView = std::string_view;

// Appends to a string. Numbers are little-endian; nothing fails.
class ByteWriter {
 public:
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void u16(std::uint16_t v) { little_endian(v); }
  void u32(std::uint32_t v) { little_endian(v); }
  void u64(std::uint64_t v) { little_endian(v); }
  void raw(ByteView v) { out_.append(v); }

  // u32 length, then the bytes. `v` must be shorter than 4 GiB, or its length is cut.
  void sized(ByteView v) {
    u32(static_cast<std::uint32_t>(v.size()));
    raw(v);
  }

  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  template <class T>
  void little_endian(T v) {
    // By shifts, so that the bytes do not depend on the byte order of the machine.
    char buf[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      buf[i] = static_cast<char>(static_cast<std::uint64_t>(v) >> (8 * i));
    }
    out_.append(buf, sizeof(T));
  }

  std::string out_;
};

// Reads from the front of a view. Check `bad()` before using what was read.
class ByteReader {
 public:
  explicit ByteReader(ByteView in) : in_(in) {}

  std::uint8_t u8() { return little_endian<std::uint8_t>(); }
  std::uint16_t u16() { return little_endian<std::uint16_t>(); }
  std::uint32_t u32() { return little_endian<std::uint32_t>(); }
  std::uint64_t u64() { return little_endian<std::uint64_t>(); }

  // The next `n` bytes; borrows from the view. Short: an empty view, and `bad()` from then on.
  ByteView raw(std::size_t n) {
    if (n > in_.size()) {
      bad_ = true;
      in_ = {};
      return {};
    }
    const ByteView v = in_.substr(0, n);
    in_.remove_prefix(n);
    return v;
  }

  // As ByteWriter::sized wrote it. A length beyond the view is a short read, so it takes no memory.
  ByteView sized() { return raw(u32()); }

  // Whether everything has been read; true after a short read as well.
  bool done() const { return in_.empty(); }
  bool bad() const { return bad_; }
  std::size_t left() const { return in_.size(); }

 private:
  template <class T>
  T little_endian() {
    const ByteView v = raw(sizeof(T));
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < v.size(); ++i) {
      out |= static_cast<std::uint64_t>(static_cast<unsigned char>(v[i])) << (8 * i);
    }
    return static_cast<T>(out);
  }

  ByteView in_;
  bool bad_ = false;
};

}  // namespace zc
