#include "engine/observed/young_words.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "files/file_cache.h"

namespace zc::engine {

std::int64_t settled_at_ns(const os::FileSystem& fs, os::DirectoryHandle directory,
                           const std::vector<std::string_view>& words) {
  // Events have times in milliseconds, rounded down.
  constexpr std::int64_t kWaitNs = limits::kTimestampGranuleNs + 1'000'000;
  const std::int64_t now_ns = fs.now_ns();
  std::int64_t out = 0;
  for (const std::string_view word : words) {
    os::FileStamp stamp;
    if (fs.stat(directory, std::string(word).c_str(), stamp) == 0 && stamp.is_regular()) {
      const std::int64_t changed_ns = files::last_change_ns(stamp);
      if (changed_ns <= now_ns && changed_ns + kWaitNs > now_ns) {
        out = std::max(out, changed_ns + kWaitNs);
      }
    }
  }
  return out;
}

}  // namespace zc::engine
