#include "os/memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "os/file.h"

namespace zc::os {

std::uint64_t resident_bytes() {
  constexpr std::uint64_t kBytesMax = 4096;
  const Result<std::string> text = read_path("/proc/self/statm", kBytesMax);
  if (!text) {
    return 0;
  }
  const auto words = split(*text, ' ');
  const std::uint64_t pages = words.size() > 1 ? parse_u64(words[1]).value_or(0) : 0;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
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

void return_freed_memory() {
  ::malloc_trim(0);
}

void drop_pages(std::span<const char> mapping) {
  ::madvise(const_cast<char*>(mapping.data()), mapping.size(), MADV_DONTNEED);
}

}  // namespace zc::os
