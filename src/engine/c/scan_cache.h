// ScanCache: what the scan of a file's text found, remembered by the file's digest; and the one
// read that yields both digest and scan.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <memory>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "base/result.h"
#include "codec/digest.h"
#include "compiler/c/source_scan.h"
#include "files/file_cache.h"
#include "os/file_system.h"

namespace zc::engine::c {

struct ScannedFile {
  files::KnownFile file;
  std::shared_ptr<const compiler::c::ScanFacts> facts;
};

class ScanCache {
 public:
  // Borrows both.
  ScanCache(const os::FileSystem& fs, files::FileCache& files) : fs_(&fs), files_(&files) {}

  // `path` is relative to `at`. Errors: as FileCache::look.
  Result<ScannedFile> look(os::DirectoryHandle at, const char* path);

 private:
  // About 300 bytes each.
  static constexpr std::size_t kEntriesMax = 20'000;

  using Facts = std::shared_ptr<const compiler::c::ScanFacts>;

  Facts recall(const codec::Digest& digest);

  const os::FileSystem* fs_;
  files::FileCache* files_;
  Mutex mutex_;
  BoundedMap<codec::Digest, Facts, codec::DigestHash> known_ ZC_GUARDED_BY(mutex_){kEntriesMax};
};

}  // namespace zc::engine::c
