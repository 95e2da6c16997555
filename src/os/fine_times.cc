#include "os/fine_times.h"

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

// As linux/magic.h has them, which the client is compiled without.
constexpr std::array<std::uint32_t, 4> kFineTypes = {
    0x9123683E,  // btrfs
    0xEF53,      // ext4
    0x01021994,  // tmpfs
    0x58465342,  // xfs
};

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

bool has_fine_times() {
  struct utsname kernel = {};
  return ::uname(&kernel) == 0 && has_fine_times(kernel.release);
}

// ext2 has the number of ext4, and knows whole seconds only.
bool is_of_fine_type(int fd, const FileStamp& stamp) {
  struct statfs found = {};
  return stamp.ctime_ns % kSecondNs != 0 && ::fstatfs(fd, &found) == 0 &&
         std::ranges::find(kFineTypes, static_cast<std::uint32_t>(found.f_type)) !=
             kFineTypes.end();
}

bool shows_each_change(int fd, const FileStamp& stamp) {
  return is_of_fine_type(fd, stamp) && has_fine_times();
}

}  // namespace zc::os
