// BlobStore: bytes by their digest. Large blobs are files, written under a temporary name, digested
// and renamed into place; small ones are values in the index.
//
// The store never syncs a blob file. It compares a blob with its digest at the first read after
// start, and again whenever the identity of the blob's file has changed. A blob that differs goes
// to quarantine.
//
// The engine puts blobs before it stores the result that names them, so a blob in between looks
// unused. Such a blob is pinned: remove_unused() keeps it from its put until the first round of
// eviction that begins after its result was stored, or for ten minutes if no result comes.
//
// Thread: any.
// Owns: blobs/, quarantine/ and tmp/ below the root.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "base/result.h"
#include "codec/digest.h"
#include "os/file.h"
#include "store/layout.h"
#include "store/store.h"
#include "store/write_queue.h"

namespace zc::store {

class BlobStore {
 public:
  // Borrows `queue`. The directories must exist.
  BlobStore(Layout layout, WriteQueue& queue) : layout_(std::move(layout)), queue_(queue) {}

  // As Store::put_blob and Store::blob.
  Result<Digest> put(int fd, std::uint64_t size_bytes);
  Result<Digest> put(std::string_view bytes);
  Result<Blob> get(const Digest& digest);

  // Bytes of blob files in the shards counted so far.
  // Grows while Maintenance counts after start; exact from then on.
  std::uint64_t file_bytes() const;
  // Blobs that went to quarantine since start.
  std::uint64_t quarantined() const { return quarantined_; }
  // Adds the files of one shard (0 to Layout::kShards - 1) to file_bytes(). Counting a shard twice
  // changes nothing.
  void count_shard(unsigned number);

  struct File {
    Digest digest;
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
  };
  // The blob files of one shard, in no order. Files with other names are left out.
  std::vector<File> list_shard(unsigned number) const;

  // The next read compares the blob with its digest, and the next put replaces it.
  void distrust(const Digest& digest);

  // A result that names the blob has been queued.
  void note_recorded(const Digest& digest);
  // Unpins blobs whose result has been stored, or that were put too long ago. A caller that looks
  // for unused blobs calls this first, then flushes the queue, and then reads the results.
  void unpin();
  // Removes a blob that no result names, unless it is pinned. A small blob is removed when the
  // queue commits. Returns the bytes of the files that it removed.
  std::uint64_t remove_unused(const Digest& digest);

  // Removes all blob files, and what is in quarantine. Returns the bytes of the blobs.
  std::uint64_t clear();

  // Removes temporary files that no process can still be writing, and old files in quarantine.
  void tidy();

 private:
  Result<Digest> put_small(std::string_view bytes);
  std::string temporary_path();
  Result<Digest> publish(const std::string& temporary, int fd, const Digest& digest);
  Result<> verify(const Digest& digest, int fd, const os::FileStamp& stamp);
  void quarantine(const Digest& digest, const os::FileStamp& stamp);
  void remember(const Digest& digest, const os::FileStamp& stamp) ZC_REQUIRES(mutex_);
  bool is_verified(const Digest& digest, const os::FileStamp& stamp) const ZC_REQUIRES(mutex_);
  void add_bytes(const Digest& digest, std::uint64_t bytes) ZC_REQUIRES(mutex_);
  void subtract_bytes(const Digest& digest, std::uint64_t bytes) ZC_REQUIRES(mutex_);

  struct Pin {
    std::int64_t put_ms = 0;
    bool recorded = false;
  };
  // 100 bytes each, so 5 MB when it is full. A blob that is forgotten is read and digested again.
  static constexpr std::size_t kVerifiedMax = 50'000;

  const Layout layout_;
  WriteQueue& queue_;
  std::atomic<std::uint64_t> next_temporary_{0};
  std::atomic<std::uint64_t> quarantined_{0};

  // Held while names below blobs/ change, so that counts and names agree.
  mutable Mutex mutex_;
  BoundedMap<Digest, os::FileStamp, codec::DigestHash> verified_ ZC_GUARDED_BY(mutex_){
      kVerifiedMax};
  std::unordered_map<Digest, Pin, codec::DigestHash> pins_ ZC_GUARDED_BY(mutex_);
  std::array<bool, Layout::kShards> counted_ ZC_GUARDED_BY(mutex_) = {};
  std::uint64_t file_bytes_ ZC_GUARDED_BY(mutex_) = 0;
};

}  // namespace zc::store
