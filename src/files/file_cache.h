// FileCache: what content a path has now. The cache remembers the digest of a file by its identity
// (dev, ino, size, mtime_ns, ctime_ns), so it reads a file again only if the kernel reports that it
// may have changed.
//
// The racy guard: a file hashed less than limits::kTimestampGranuleNs after its last change could
// change once more under the same timestamps. Its digest is correct now, but the cache does not
// remember it.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "codec/digest.h"
#include "os/file_system.h"

namespace zc::files {

using codec::Digest;

// The latest time, in ns since the epoch, at which the file (or directory) may have got its stamp:
// some file systems know only seconds, which shows in a change time without a fraction.
inline std::int64_t last_change_ns(const os::FileStamp& stamp) {
  const bool is_coarse = stamp.ctime_ns % limits::kCoarseGranuleNs == 0;
  return std::max(stamp.mtime_ns, stamp.ctime_ns) + (is_coarse ? limits::kCoarseGranuleNs : 0);
}

// True while the file (or directory) could still change without a change of `stamp`.
inline bool is_racy(const os::FileStamp& stamp, std::int64_t now_ns) {
  return last_change_ns(stamp) > now_ns - limits::kTimestampGranuleNs;
}

// Files are told apart by all that content depends on, and put in buckets by a part of it.
struct IdentityHash {
  std::size_t operator()(const os::FileStamp& s) const;
};
struct IdentityEqual {
  bool operator()(const os::FileStamp& a, const os::FileStamp& b) const {
    return a.same_content_as(b);
  }
};

// Memory of digests beyond this process; the store implements it. It never gets a racy stamp.
// Thread: any; calls come from several threads at once.
class DigestMemory {
 public:
  virtual ~DigestMemory() = default;
  // Nothing: not remembered.
  virtual std::optional<Digest> recall(const os::FileStamp& stamp) = 0;
  virtual void remember(const os::FileStamp& stamp, const Digest& digest) = 0;
};

// The content of a file at the moment of the look.
struct KnownFile {
  Digest digest;
  os::FileStamp stamp;
  bool racy = false;  // `stamp` does not vouch for the digest beyond this moment
};

class FileCache {
 public:
  // Borrows both; `memory` may be null.
  FileCache(const os::FileSystem& fs, DigestMemory* memory) : fs_(&fs), memory_(memory) {}

  // The digest of the file at `path`, relative to `at`. Errors: kNotFound, kInvalid (not a plain
  // file or too large), kUnavailable (it changes while it is read), kIo.
  Result<KnownFile> look(os::DirectoryHandle at, const char* path);

  // The same if the caller has just taken `stamp` of that path.
  Result<KnownFile> look(os::DirectoryHandle at, const char* path, const os::FileStamp& stamp);

  // The digest of a file with this identity, without access to the file. Nothing: it is not known.
  std::optional<Digest> recall(const os::FileStamp& stamp);

  // Returns the digest of a file that the caller has read itself, and remembers it unless the stamp
  // is racy.
  KnownFile learn(const os::StableFile& file);

  // Remembers the digest of a file that the caller has read behind `stamp`. Each change after the
  // stamp shows in the next one, however soon it comes (os/fine_times.h).
  void remember(const os::FileStamp& stamp, const Digest& digest);

 private:
  KnownFile learn(const os::FileStamp& stamp, std::int64_t begun_ns, const Digest& digest);
  // 100 bytes each, so 10 MB when it is full.
  static constexpr std::size_t kEntriesMax = 100'000;

  const os::FileSystem* fs_;
  DigestMemory* memory_;
  Mutex mutex_;
  BoundedMap<os::FileStamp, Digest, IdentityHash, IdentityEqual> known_ ZC_GUARDED_BY(mutex_){
      kEntriesMax};
};

}  // namespace zc::files
