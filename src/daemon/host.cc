#include "daemon/host.h"

#include <malloc.h>
#include <unistd.h>

#include "base/str.h"
#include "os/file.h"

namespace zc::daemon {

std::string host_cpu() {
  constexpr std::uint64_t kBytesMax = 1U << 22;
  const Result<std::string> text = os::read_path("/proc/cpuinfo", kBytesMax);
  std::string out;
  if (!text) {
    return out;
  }
  for (const std::string_view line : split(*text, '\n')) {
    if (line.empty()) {
      break;  // The end of the first processor.
    }
    for (const std::string_view name : {"vendor_id", "cpu family", "model", "stepping", "flags"}) {
      if (line.starts_with(name)) {
        str_append(out, line, '\n');
      }
    }
  }
  return out;
}

// By default each of eight arenas per processor keeps what one burst of compiles needed. Two are
// enough: what a request allocates is small beside what it reads. Large pieces are mapped, always,
// and so go back when they are freed; glibc would raise the limit after the first one.
void keep_little_freed_memory() {
  constexpr int kArenas = 2;
  constexpr int kMappedBytesMin = 128 << 10;
  // NOLINTBEGIN(concurrency-mt-unsafe): no thread has started yet
  ::mallopt(M_ARENA_MAX, kArenas);
  ::mallopt(M_MMAP_THRESHOLD, kMappedBytesMin);
  // NOLINTEND(concurrency-mt-unsafe)
}

std::uint64_t resident_bytes() {
  constexpr std::uint64_t kBytesMax = 4096;
  const Result<std::string> text = os::read_path("/proc/self/statm", kBytesMax);
  if (!text) {
    return 0;
  }
  const auto words = split(*text, ' ');
  const std::uint64_t pages = words.size() > 1 ? parse_u64(words[1]).value_or(0) : 0;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace zc::daemon
