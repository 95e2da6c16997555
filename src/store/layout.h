// Names and format of everything below a store's root, in one place; docs/formats/store.md says
// what the files hold.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/str.h"
#include "codec/digest.h"

namespace zc::store {

// Raised if an older program would misread what this one writes, or the reverse, and if results of
// older programs may be wrong (2: those of another mount namespace; 3: inputs have kinds). The
// store begins anew if the number on disk is older, and is refused if it is newer.
inline constexpr std::uint64_t kFormatVersion = 3;

// The word before the number in the format file.
inline constexpr std::string_view kFormatWord = "zccache-store ";

// Paths below the root of one store. Accesses no file.
class Layout {
 public:
  explicit Layout(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }
  std::string lock() const { return root_ + "/store.lock"; }  // held while a Store is open
  std::string format() const { return root_ + "/format"; }    // "zccache-store 3\n"
  std::string clean() const { return root_ + "/clean"; }  // left by an orderly close: open_index.h
  std::string index() const { return root_ + "/index"; }  // LMDB
  std::string rebuilt() const { return root_ + "/index.new"; }  // a copy in the making
  std::string index_data() const { return index() + "/data.mdb"; }
  std::string rebuilt_data() const { return rebuilt() + "/data.mdb"; }
  std::string blobs() const { return root_ + "/blobs"; }
  std::string temporary() const { return root_ + "/tmp"; }
  std::string quarantine() const { return root_ + "/quarantine"; }

  // blobs/ab/<the other 62 digits>
  static constexpr unsigned kShards = 256;
  std::string shard(unsigned number) const {
    const char byte = static_cast<char>(number);
    return str_cat(blobs(), "/", to_hex({&byte, 1}));
  }
  std::string blob(const codec::Digest& digest) const {
    const std::string hex = digest.hex();
    return str_cat(blobs(), "/", hex.substr(0, 2), "/", hex.substr(2));
  }

 private:
  std::string root_;
};

}  // namespace zc::store
