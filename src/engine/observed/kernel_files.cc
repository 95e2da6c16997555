#include "engine/observed/kernel_files.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

// Whole names, and directories with a slash at the end. Programs read most of them for their own
// working: the allocator of rustc (jemalloc) looks at overcommit_memory and huge pages
// (/sys/kernel/mm), Rust's library at the cgroup to count processors, the C library at maps to find
// a thread's stack.
constexpr std::array<std::string_view, 19> kHarmlessKernelFiles = {
    "/dev/null",
    "/dev/pts/",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
    "/proc/filesystems",
    "/proc/meminfo",
    "/proc/mounts",
    "/proc/self/cgroup",
    "/proc/self/exe",
    "/proc/self/maps",
    "/proc/self/mountinfo",
    "/proc/self/statm",
    "/proc/self/status",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu/",
    "/sys/fs/cgroup/",
    "/sys/kernel/mm/",
};

constexpr std::array<std::string_view, 2> kDescriptorDirectories = {"/dev/fd", "/proc/self/fd"};

}  // namespace

bool is_of_kernel(std::string_view path) {
  return (path.starts_with("/dev/") && !path.starts_with("/dev/shm/")) ||
         path.starts_with("/proc/") || path.starts_with("/sys/");
}

// With ".." a path below a harmless directory leads elsewhere: /proc/self/fd/../environ.
bool leads_elsewhere(std::string_view path) {
  const std::vector<std::string_view> names = split(path, '/');
  return path.starts_with("/proc/") && names.size() > 3 &&
         (names[3] == "cwd" || names[3] == "root");
}

bool is_harmless_kernel_file(std::string_view path) {
  if (has_dotdot(path)) {
    return false;
  }
  for (const std::string_view directory : kDescriptorDirectories) {
    if (path == directory || dir_name(path) == directory) {
      return true;
    }
  }
  return std::ranges::any_of(kHarmlessKernelFiles, [&](std::string_view known) {
    return known.ends_with('/') ? path.starts_with(known) || str_cat(path, '/') == known
                                : path == known;
  });
}

}  // namespace zc::engine
