// FileCache: what content a path has now. The digest of a file is remembered by its identity
// (dev, ino, size, mtime_ns, ctime_ns), so a file is read again only when the kernel says that it
// may have changed.
//
// The racy guard: a file hashed less than limits::kTimestampGranuleNs after its last change could
// change once more under the same timestamps. Its digest is right now, but is not remembered.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "codec/digest.h"
#include "os/file_system.h"

namespace zc::files {

using codec::Digest;

// The last moment at which the file (or directory) may have got its stamp: some file systems know
// only seconds, which shows in a change time without a fraction.
inline std::int64_t last_change_ns(const os::FileStamp& stamp) {
  const bool is_coarse = stamp.ctime_ns % limits::kCoarseGranuleNs == 0;
  return std::max(stamp.mtime_ns, stamp.ctime_ns) + (is_coarse ? limits::kCoarseGranuleNs : 0);
}

// True while `stamp` may not be trusted to tell a later change of the file (or directory).
inline bool is_racy(const os::FileStamp& stamp, std::int64_t now_ns) {
  return last_change_ns(stamp) > now_ns - limits::kTimestampGranuleNs;
}

// Memory of digests beyond this process; the store implements it.
class DigestMemory {
 public:
  virtual ~DigestMemory() = default;
  virtual std::optional<Digest> recall(const os::FileStamp& stamp) = 0;
  virtual void remember(const os::FileStamp& stamp, const Digest& digest) = 0;
};

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
  // file or too large), kUnavailable (it changes while we look), kIo.
  Result<KnownFile> look(os::DirectoryHandle at, const char* path);

  // The same when the caller has just made `stamp` of that path.
  Result<KnownFile> look(os::DirectoryHandle at, const char* path, const os::FileStamp& stamp);

  // The digest of a file with this identity, without a look at the disk.
  std::optional<Digest> recall(const os::FileStamp& stamp);

  // For a caller that has read the file itself.
  KnownFile learn(const os::StableFile& file);

 private:
  KnownFile learn(const os::FileStamp& stamp, const Digest& digest);
  struct IdentityHash {
    std::size_t operator()(const os::FileStamp& s) const;
  };
  struct IdentityEqual {
    bool operator()(const os::FileStamp& a, const os::FileStamp& b) const {
      return a.same_content_as(b);
    }
  };
  // 100 bytes each.
  static constexpr std::size_t kEntriesMax = 100'000;

  void remember(const os::FileStamp& stamp, const Digest& digest);

  const os::FileSystem* fs_;
  DigestMemory* memory_;
  Mutex mutex_;
  BoundedMap<os::FileStamp, Digest, IdentityHash, IdentityEqual> known_ ZC_GUARDED_BY(mutex_){
      kEntriesMax};
};

}  // namespace zc::files
