// BlobStore: bytes by their digest. Large blobs are files, written under a temporary name, digested
// and renamed into place; small ones are values in the index.
//
// No file is ever synced: a blob is checked against its digest when it is first read after start,
// and again whenever the identity of its file has changed. One that fails goes to quarantine.
//
// Blobs are put before the result that names them is recorded, so a blob in between looks unused.
// It is pinned, and thereby safe from remove_unused(), from its put until the first round of
// eviction that begins after its record, or for ten minutes if no record comes.
//
// Thread: any.
// Owns: blobs/, quarantine/ and tmp/ below the root.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
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
  std::uint64_t file_bytes() const;
  std::uint64_t quarantined() const { return quarantined_; }
  void count_shard(unsigned number);

  struct File {
    Digest digest;
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
  };
  std::vector<File> list_shard(unsigned number) const;

  // A result that names the blob has been queued.
  void note_recorded(const Digest& digest);
  // Unpins what has been recorded or was put too long ago. Whoever looks for unused blobs calls
  // this first, then flushes the queue, and then reads the results.
  void unpin();
  // Removes a blob that no result names, unless it is pinned. A small one goes when the queue
  // commits. Returns how many bytes of file went.
  std::uint64_t remove_unused(const Digest& digest);

  // Removes all blob files, and what is in quarantine. Returns the bytes of the blobs.
  std::uint64_t clear();

  // Removes temporary files that nobody can be writing any more, and old quarantine.
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
  // 100 bytes each.
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
