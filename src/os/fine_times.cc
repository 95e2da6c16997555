#include "os/fine_times.h"

#include <linux/magic.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "os/clock.h"

namespace zc::os {

namespace {

constexpr std::uint32_t kXfsMagic = 0x58465342;
constexpr std::array<std::uint32_t, 4> kFineTypes = {BTRFS_SUPER_MAGIC, EXT4_SUPER_MAGIC,
                                                     TMPFS_MAGIC, kXfsMagic};

}  // namespace

bool has_fine_times(std::string_view release) {
  constexpr std::pair kFirst = {6, 13};
  std::pair version = {0, 0};
  const char* const end = release.data() + release.size();
  const auto major = std::from_chars(release.data(), end, version.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') {
    return false;
  }
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  return minor.ec == std::errc() && version >= kFirst;
}

// ext2 has the number of ext4, and knows whole seconds only.
bool shows_each_change(int fd, const FileStamp& stamp) {
  struct statfs found = {};
  struct utsname kernel = {};
  return stamp.ctime_ns % kSecondNs != 0 && ::uname(&kernel) == 0 &&
         has_fine_times(kernel.release) && ::fstatfs(fd, &found) == 0 &&
         std::ranges::find(kFineTypes, static_cast<std::uint32_t>(found.f_type)) !=
             kFineTypes.end();
}

}  // namespace zc::os
