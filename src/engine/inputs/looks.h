// Looks: what one look-up has seen at absolute paths. The facts of a set and its groups of absences
// come to the same directories and programs; each path is looked at once, so that all are compared
// at one moment.
//
// Thread: one; belongs to one look-up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "os/file_system.h"

namespace zc::engine {

// What stat gives for a path.
struct Look {
  int err = 0;
  os::FileStamp stamp;
};

// By path, in an open hash table: a look-up fills one with some dozens of paths, so what counts is
// that it allocates little. Keeps the paths.
class LooksByPath {
 public:
  static std::size_t hash_of(std::string_view path) { return std::hash<std::string_view>()(path); }

  // Null: it has none. `hash` is that of the path.
  const Look* find(std::string_view path, std::size_t hash) const {
    if (cells_.empty()) {
      return nullptr;
    }
    for (std::size_t at = hash; cell(at) != kEmpty; ++at) {
      const Entry& entry = entries_[cell(at)];
      if (entry.hash == hash && path_of(entry) == path) {
        return &entry.look;
      }
    }
    return nullptr;
  }

  // Of a path that it has not. The reference is good until the next one.
  const Look& add(std::string_view path, std::size_t hash, const Look& look) {
    if (cells_.size() < 2 * (entries_.size() + 1)) {
      grow();
    }
    put(hash, static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back({.hash = hash, .begin = paths_.size(), .size = path.size(), .look = look});
    paths_.append(path);
    return entries_.back().look;
  }

 private:
  struct Entry {
    std::size_t hash;
    std::size_t begin;  // of the path, in `paths_`
    std::size_t size;
    Look look;
  };
  static constexpr std::uint32_t kEmpty = ~0U;
  static constexpr std::size_t kCellsMin = 128;

  std::string_view path_of(const Entry& entry) const {
    return std::string_view(paths_).substr(entry.begin, entry.size);
  }
  void put(std::size_t hash, std::uint32_t number) {
    std::size_t at = hash;
    while (cell(at) != kEmpty) {
      ++at;
    }
    cells_[at & (cells_.size() - 1)] = number;
  }
  std::uint32_t cell(std::size_t at) const { return cells_[at & (cells_.size() - 1)]; }
  void grow() {
    cells_.assign(std::max(kCellsMin, 2 * cells_.size()), kEmpty);
    entries_.reserve(cells_.size() / 2);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      put(entries_[i].hash, static_cast<std::uint32_t>(i));
    }
  }

  std::string paths_;  // one after the other
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> cells_;  // numbers of entries; a power of two of them, half empty
};

class Looks {
 public:
  // `known`, which may be null: looks that the request has made before, for other reasons. Borrows
  // it.
  explicit Looks(const LooksByPath* known = nullptr) : known_(known) {}

  // As FileSystem::stat. `path` is absolute, and ends with a NUL; `fs` is the same each time.
  int stat(const os::FileSystem& fs, std::string_view path, os::FileStamp& out) {
    const std::size_t hash = LooksByPath::hash_of(path);
    const Look* look = find(path, hash);
    if (look == nullptr) {
      Look made;
      const char* const text = path.data();
      made.err = fs.stat(os::FileSystem::kNoDirectory, text, made.stamp);
      look = &looks_.add(path, hash, made);
    }
    out = look->stamp;
    return look->err;
  }

  // What stat gives for the directory at `path`, which is open.
  void take(const os::FileSystem& fs, std::string_view path, os::DirectoryHandle directory) {
    const std::size_t hash = LooksByPath::hash_of(path);
    Look look;
    if (find(path, hash) == nullptr && fs.stat_handle(directory, look.stamp) == 0) {
      looks_.add(path, hash, look);
    }
  }

  // As FileSystem::real_path.
  const Result<std::string>& real_path(const os::FileSystem& fs, const std::string& path) {
    const auto it = real_paths_.find(path);
    return it != real_paths_.end() ? it->second
                                   : real_paths_.emplace(path, fs.real_path(path)).first->second;
  }

 private:
  const Look* find(std::string_view path, std::size_t hash) const {
    const Look* const look = known_ == nullptr ? nullptr : known_->find(path, hash);
    return look == nullptr ? looks_.find(path, hash) : look;
  }

  const LooksByPath* known_;
  LooksByPath looks_;
  std::unordered_map<std::string, Result<std::string>> real_paths_;
};

}  // namespace zc::engine
