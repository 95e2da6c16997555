// When a file may have been written, as far as its timestamp shows.
//
// Thread: the client has one.
#pragma once

#include <cstdint>

#include "base/limits.h"
#include "os/clock.h"
#include "os/file_stamp.h"

namespace zc::client {

// The last moment, in ns since the epoch. A time is behind by up to a tick of the kernel's clock;
// on file systems that know only seconds, which shows in a time without a fraction, by up to a
// second.
inline std::uint64_t last_write_ns(const os::FileStamp& stamp) {
  const std::int64_t granule =
      stamp.mtime_ns % os::kSecondNs == 0 ? limits::kCoarseGranuleNs : limits::kTimestampGranuleNs;
  const std::int64_t last = stamp.mtime_ns + granule;
  return last < 0 ? 0 : static_cast<std::uint64_t>(last);
}

}  // namespace zc::client
