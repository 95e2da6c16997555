#include "files/file_cache.h"

namespace zc::files {

std::size_t IdentityHash::operator()(const os::FileStamp& s) const {
  // Only a bucket, so three of the five fields may be left out: files rarely differ in those alone.
  // The golden-ratio multiplier spreads neighbouring inode numbers.
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;
  std::uint64_t h = s.ino * kMix;
  h = (h ^ (h >> 32) ^ static_cast<std::uint64_t>(s.ctime_ns)) * kMix;
  return h ^ (h >> 29);
}

std::optional<Digest> FileCache::recall(const os::FileStamp& stamp) {
  {
    const MutexLock lock(mutex_);
    if (const Digest* known = known_.find(stamp)) {
      return *known;
    }
  }
  if (memory_ == nullptr) {
    return std::nullopt;
  }
  // Without the mutex: the store may have to read from the disk.
  std::optional<Digest> digest = memory_->recall(stamp);
  if (digest) {
    const MutexLock lock(mutex_);
    known_.put(stamp, *digest);
  }
  return digest;
}

void FileCache::remember(const os::FileStamp& stamp, const Digest& digest) {
  {
    const MutexLock lock(mutex_);
    known_.put(stamp, digest);
  }
  if (memory_ != nullptr) {
    memory_->remember(stamp, digest);
  }
}

Result<KnownFile> FileCache::look(os::DirectoryHandle at, const char* path) {
  os::FileStamp stamp;
  if (const int err = fs_->stat(at, path, stamp); err != 0) {
    return fail_errno(err, path);
  }
  return look(at, path, stamp);
}

Result<KnownFile> FileCache::look(os::DirectoryHandle at, const char* path,
                                  const os::FileStamp& stamp) {
  if (!stamp.is_regular() || stamp.size_bytes > limits::kInputBytesMax) {
    return fail(Code::kInvalid, std::string(path) + " is not a plain file, or is too large");
  }
  if (const std::optional<Digest> digest = recall(stamp)) {
    return KnownFile{.digest = *digest, .stamp = stamp};
  }
  codec::Hasher hasher;
  const std::int64_t begun_ns = fs_->now_ns();
  TRY_ASSIGN(const os::FileStamp read,
             fs_->read_into(at, path, limits::kInputBytesMax,
                            [&](std::string_view bytes) { hasher.update(bytes); }));
  return learn(read, begun_ns, hasher.finish());
}

KnownFile FileCache::learn(const os::StableFile& file) {
  return learn(file.stamp, file.begun_ns, codec::digest_of(file.bytes));
}

// What counts is the time at which the reading began. Whatever writes to the file later gives it a
// later stamp than one that was no longer racy by then; a write in the tick of the stamp may not
// change it, whether it comes while the file is read or right after.
KnownFile FileCache::learn(const os::FileStamp& stamp, std::int64_t begun_ns,
                           const Digest& digest) {
  const KnownFile out{.digest = digest, .stamp = stamp, .racy = is_racy(stamp, begun_ns)};
  if (!out.racy) {
    remember(stamp, digest);
  }
  return out;
}

}  // namespace zc::files
