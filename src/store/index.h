// Index: ordered tables of bytes on disk, with transactions. Wraps LMDB; no other file includes it.
//
// Every value has a seal, a checksum over table, key and bytes. So a record that is damaged, or
// that a damaged page shows under another key, counts as missing. LMDB itself trusts its pages: a
// file that may be damaged must be opened by open_index (open_index.h), which checks it in a child
// process first.
//
// A commit syncs the data but not the root page: a power cut may lose the last commits, but leaves
// no half commit; a crash of the process loses no commit.
//
// Thread: any for get, scan, stats; commit and drop_all by one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/result.h"

namespace zc::store {

enum class Table : std::uint8_t {
  kMeta,        // word -> number
  kResults,     // result key -> schema::StoredResult
  kManifests,   // manifest key -> schema::Manifest
  kInputs,      // input id, big-endian -> schema::Input
  kInputIds,    // first half of the digest of an input -> input id
  kFiles,       // identity of a file -> digest
  kAccess,      // result key -> last use: its time, and what had been used until then
  kSmallBlobs,  // digest -> bytes
  kCommands,    // digest of what a command is about -> schema::KnownCommand
  kEvicted,     // result key -> how many bytes had been evicted before it
};
inline constexpr std::size_t kTables = 10;

// A change: put `value`, or remove the key when there is none.
struct Write {
  Table table;
  std::string key;
  std::optional<std::string> value;
};

class Index {
 public:
  enum class Access : std::uint8_t {
    kReadWrite,
    kBulk,      // for filling a new index: synced once, by close()
    kSnapshot,  // read only and without a lock: right if no process writes; tables must exist
  };
  // The directory must exist. Errors: kCorrupt (not an index, or shorter than its header states),
  // kNoSpace, kIo.
  static Result<std::unique_ptr<Index>> open(const std::string& directory, Access access);
  ~Index();

  // Nothing when the key is missing or its value is damaged.
  std::optional<std::string> get(Table table, std::string_view key) const;

  // Visits undamaged records in the order of their keys until `visit` returns false. All of them
  // belong to one snapshot. Returns how many records were damaged. Errors: kCorrupt (the table's
  // order or count is wrong), kIo.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  Result<std::uint64_t> scan(Table table, const Visit& visit) const;

  // All or nothing. Errors: kNoSpace, kCorrupt, kIo.
  Result<> commit(std::span<const Write> writes);
  // Empties every table but kMeta by beginning a new file, since a file never shrinks. Reads that
  // are in progress see the old one. Errors: kNoSpace, kIo.
  Result<> drop_all();

  struct Stats {
    std::array<std::uint64_t, kTables> entries{};
    std::uint64_t used_bytes = 0;  // pages that hold something; the file never shrinks
  };
  // As of the last commit.
  Stats stats() const;

  // Unmaps pages that were read. They stay in the kernel's cache, but no longer count as memory of
  // this process; to read one again costs a minor fault.
  void release_pages() const;

  // Syncs everything and closes; callers may call nothing else afterwards. Errors: kIo.
  Result<> close();

 private:
  struct Env;
  static Result<std::shared_ptr<Env>> open_env(const std::string& directory, Access access);
  Index(std::string directory, std::shared_ptr<Env> env);

  std::shared_ptr<Env> env() const;
  Result<> begin_anew();

  const std::string directory_;
  mutable Mutex mutex_;
  std::shared_ptr<Env> env_ ZC_GUARDED_BY(mutex_);  // closed when its last reader has gone
};

}  // namespace zc::store
