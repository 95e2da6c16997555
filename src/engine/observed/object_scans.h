// ObjectScans: what programs and libraries could do unseen (binary/object_scan.h), remembered by
// the digest of their file.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <string>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "base/result.h"
#include "binary/object_scan.h"
#include "codec/digest.h"
#include "files/file_cache.h"
#include "os/file_system.h"

namespace zc::engine {

class ObjectScans {
 public:
  // Borrows both.
  ObjectScans(const os::FileSystem& fs, files::FileCache& files) : fs_(fs), files_(files) {}

  // Errors: as FileCache::look.
  Result<binary::ObjectTraits> look(const std::string& path);

 private:
  static constexpr std::size_t kEntriesMax = 10'000;

  const os::FileSystem& fs_;
  files::FileCache& files_;
  Mutex mutex_;
  BoundedMap<codec::Digest, binary::ObjectTraits, codec::DigestHash> known_ ZC_GUARDED_BY(mutex_){
      kEntriesMax};
};

}  // namespace zc::engine
