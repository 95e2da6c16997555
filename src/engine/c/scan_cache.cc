#include "engine/c/scan_cache.h"

#include "base/limits.h"

namespace zc::engine::c {

ScanCache::Facts ScanCache::recall(const codec::Digest& digest) {
  const MutexLock lock(mutex_);
  const Facts* known = known_.find(digest);
  return known == nullptr ? nullptr : *known;
}

Result<ScannedFile> ScanCache::look(os::DirectoryHandle at, const char* path) {
  os::FileStamp stamp;
  if (const int err = fs_->stat(at, path, stamp); err != 0) {
    return fail_errno(err, path);
  }
  // A digest that is remembered is not racy (files/file_cache.h), so neither is the file here.
  if (const std::optional<codec::Digest> digest = files_->recall(stamp)) {
    if (auto facts = recall(*digest)) {
      return ScannedFile{.file = {.digest = *digest, .stamp = stamp}, .facts = std::move(facts)};
    }
  }
  TRY_ASSIGN(const os::StableFile read, fs_->read(at, path, limits::kInputBytesMax));
  ScannedFile out{.file = files_->learn(read), .facts = nullptr};
  out.facts = recall(out.file.digest);
  if (out.facts == nullptr) {
    out.facts =
        std::make_shared<const compiler::c::ScanFacts>(compiler::c::scan_source(read.bytes));
    const MutexLock lock(mutex_);
    known_.put(out.file.digest, out.facts);
  }
  return out;
}

}  // namespace zc::engine::c
