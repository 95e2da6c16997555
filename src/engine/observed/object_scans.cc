#include "engine/observed/object_scans.h"

#include "base/limits.h"

namespace zc::engine {

Result<binary::ObjectTraits> ObjectScans::look(const std::string& path) {
  TRY_ASSIGN(const files::KnownFile file, files_.look(os::FileSystem::kNoDirectory, path.c_str()));
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = known_.find(file.digest); it != known_.end()) {
      return it->second;
    }
  }
  TRY_ASSIGN(const os::StableFile image,
             fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax));
  const binary::ObjectTraits traits = binary::scan_object(image.bytes);
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kEntriesMax) {
    known_.clear();
  }
  known_.insert_or_assign(codec::digest_of(image.bytes), traits);
  return traits;
}

}  // namespace zc::engine
