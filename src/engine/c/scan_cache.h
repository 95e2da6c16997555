// ScanCache: what the scan of a file's text found, remembered by the file's digest; and the one
// read that yields both digest and scan.
//
// Thread: any.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

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

  // Errors: as FileCache::look.
  Result<ScannedFile> look(os::DirectoryHandle at, const char* path);

 private:
  // About 300 bytes each.
  static constexpr std::size_t kEntriesMax = 20'000;

  std::shared_ptr<const compiler::c::ScanFacts> recall(const codec::Digest& digest);

  const os::FileSystem* fs_;
  files::FileCache* files_;
  std::mutex mutex_;
  std::unordered_map<codec::Digest, std::shared_ptr<const compiler::c::ScanFacts>,
                     codec::DigestHash>
      known_;
};

}  // namespace zc::engine::c
