#include "engine/observed/kernel_files.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

struct KernelFile {
  std::string_view path;  // a whole name, or a directory with a slash at the end
  KernelReader last =
      KernelReader::kLateCode;  // to whom it tells nothing, in the order of the enumeration
};

// The allocator of rustc (jemalloc) looks at overcommit_memory and huge pages (/sys/kernel/mm),
// Rust's library at the cgroup to count processors, the C library at maps to find a thread's stack.
constexpr std::array<KernelFile, 19> kHarmlessKernelFiles = {{
    {"/dev/null", KernelReader::kLateCode},
    {"/dev/pts/", KernelReader::kLateCode},
    {"/dev/random", KernelReader::kCompiler},
    {"/dev/tty", KernelReader::kLateCode},
    {"/dev/urandom", KernelReader::kCompiler},
    {"/dev/zero", KernelReader::kLateCode},
    {"/proc/filesystems", KernelReader::kProgram},
    {"/proc/meminfo", KernelReader::kCompiler},
    {"/proc/mounts", KernelReader::kProgram},
    {"/proc/self/cgroup", KernelReader::kProgram},
    {"/proc/self/exe", KernelReader::kLateCode},
    {"/proc/self/maps", KernelReader::kProgram},
    {"/proc/self/mountinfo", KernelReader::kProgram},
    {"/proc/self/statm", KernelReader::kCompiler},
    {"/proc/self/status", KernelReader::kCompiler},
    {"/proc/sys/vm/overcommit_memory", KernelReader::kLateCode},
    {"/sys/devices/system/cpu/", KernelReader::kProgram},
    {"/sys/fs/cgroup/", KernelReader::kProgram},
    {"/sys/kernel/mm/", KernelReader::kLateCode},
}};

constexpr std::array<std::string_view, 9> kDifferentInEachRun = {
    "/dev/random",      "/dev/urandom",      "/proc/loadavg",
    "/proc/meminfo",    "/proc/self/maps",   "/proc/self/stat",
    "/proc/self/statm", "/proc/self/status", "/proc/sys/kernel/random/uuid",
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

bool is_descriptor(std::string_view path) {
  const std::string_view directory = dir_name(path);
  return path == "/dev/stdin" || directory == "/dev/fd" ||
         (directory.starts_with("/proc/") && base_name(directory) == "fd");
}

bool is_harmless_kernel_file(std::string_view path, KernelReader reader) {
  if (has_dotdot(path)) {
    return false;
  }
  for (const std::string_view directory : kDescriptorDirectories) {
    if (path == directory || dir_name(path) == directory) {
      return true;
    }
  }
  return std::ranges::any_of(kHarmlessKernelFiles, [&](const KernelFile& known) {
    const bool is_it = known.path.ends_with('/')
                           ? path.starts_with(known.path) || str_cat(path, '/') == known.path
                           : path == known.path;
    return is_it && reader <= known.last;
  });
}

bool differs_in_each_run(std::string_view path) {
  return std::ranges::find(kDifferentInEachRun, path) != kDifferentInEachRun.end();
}

}  // namespace zc::engine
