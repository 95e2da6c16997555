#include "engine/observed/object_scans.h"

#include "base/limits.h"

namespace zc::engine {

Result<binary::ObjectTraits> ObjectScans::look(const std::string& path) {
  TRY_ASSIGN(const files::KnownFile file, files_.look(os::FileSystem::kNoDirectory, path.c_str()));
  {
    const MutexLock lock(mutex_);
    if (const binary::ObjectTraits* known = known_.find(file.digest)) {
      return *known;
    }
  }
  TRY_ASSIGN(const os::StableFile image,
             fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax));
  // The file may have changed since its digest was taken: the traits belong to the bytes that were
  // read, so they are kept under the digest of these.
  const binary::ObjectTraits traits = binary::scan_object(image.bytes);
  const MutexLock lock(mutex_);
  known_.put(codec::digest_of(image.bytes), traits);
  return traits;
}

}  // namespace zc::engine
