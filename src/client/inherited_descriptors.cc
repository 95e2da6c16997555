#include "client/inherited_descriptors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/str.h"
#include "os/directory.h"
#include "os/fd.h"
#include "os/name.h"

namespace zc::client {

namespace {

// GNU make's manual, "POSIX Jobserver Interaction"; older versions have the second. In both, two
// numbers follow. (A named pipe has a path there.)
constexpr std::array<std::string_view, 2> kJobservers = {"--jobserver-auth=", "--jobserver-fds="};

std::vector<std::uint64_t> descriptors_of_jobserver(std::string_view make_flags) {
  std::vector<std::uint64_t> out;
  for (const std::string_view word : split(make_flags, ' ')) {
    for (const std::string_view option : kJobservers) {
      if (!word.starts_with(option)) {
        continue;
      }
      for (const std::string_view number : split(word.substr(option.size()), ',')) {
        if (const auto fd = parse_u64(number)) {
          out.push_back(*fd);
        }
      }
    }
  }
  return out;
}

}  // namespace

std::string inherited_descriptor(std::string_view make_flags) {
  constexpr std::uint64_t kLastStandard = 2;
  const std::vector<std::uint64_t> known = descriptors_of_jobserver(make_flags);
  std::uint64_t first = 0;
  for (const std::string& name : os::names_in("/proc/self/fd")) {
    const std::uint64_t fd = parse_u64(name).value_or(0);
    // The listing had a descriptor itself, which is closed by now.
    if (fd > kLastStandard && (first == 0 || fd < first) &&
        std::ranges::find(known, fd) == known.end() && os::is_open(static_cast<int>(fd))) {
      first = fd;
    }
  }
  if (first == 0) {
    return {};
  }
  const std::string number = str_cat(first);
  return str_cat("descriptor ", number, " (",
                 os::symlink_target("/proc/self/fd/" + number).value_or("not known"), ')');
}

}  // namespace zc::client
