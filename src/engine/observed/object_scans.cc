#include "engine/observed/object_scans.h"

#include "base/limits.h"

namespace zc::engine {

std::optional<binary::ObjectTraits> ObjectScans::recall(const codec::Digest& digest) {
  const MutexLock lock(mutex_);
  const binary::ObjectTraits* known = known_.find(digest);
  return known == nullptr ? std::nullopt : std::optional(*known);
}

Result<binary::ObjectTraits> ObjectScans::look(const std::string& path) {
  os::FileStamp stamp;
  if (const int err = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp); err != 0) {
    return fail_errno(err, path);
  }
  if (const std::optional<codec::Digest> digest = files_.recall(stamp)) {
    if (const auto known = recall(*digest)) {
      return *known;
    }
  }
  TRY_ASSIGN(const os::StableFile image,
             fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax));
  const codec::Digest digest = files_.learn(image).digest;
  if (const auto known = recall(digest)) {
    return *known;
  }
  const binary::ObjectTraits traits = binary::scan_object(image.bytes);
  const MutexLock lock(mutex_);
  known_.put(digest, traits);
  return traits;
}

}  // namespace zc::engine
