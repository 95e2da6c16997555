// ObjectScans: what programs and libraries could do unseen (binary/object_scan.h), remembered by
// the digest of their file. A scan decodes all code of a file, so a macro that many crates use must
// not cost one each time.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <optional>
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

  // `path` is absolute. Errors: as FileCache::look. A file that is no object is not an error: its
  // traits say that it could do anything.
  Result<binary::ObjectTraits> look(const std::string& path);

 private:
  std::optional<binary::ObjectTraits> recall(const codec::Digest& digest);

  static constexpr std::size_t kEntriesMax = 10'000;

  const os::FileSystem& fs_;
  files::FileCache& files_;
  Mutex mutex_;
  BoundedMap<codec::Digest, binary::ObjectTraits, codec::DigestHash> known_ ZC_GUARDED_BY(mutex_){
      kEntriesMax};
};

}  // namespace zc::engine
