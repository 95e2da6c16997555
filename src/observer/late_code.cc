#include "observer/late_code.h"

#include <link.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace zc::observer {

namespace {

struct Range {
  std::uintptr_t begin = UINTPTR_MAX;
  std::uintptr_t end = 0;
};

// Of a program with more objects, the others are taken for late.
constexpr std::size_t kObjectsMax = 256;
Range g_early[kObjectsMax];
std::atomic<std::size_t> g_count = 0;

int note(dl_phdr_info* object, std::size_t /*size*/, void* /*context*/) {
  Range range;
  for (ElfW(Half) i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type == PT_LOAD) {
      const std::uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
      range.begin = std::min(range.begin, begin);
      range.end = std::max(range.end, begin + segment.p_memsz);
    }
  }
  // The range goes from the first byte of the object to its last: the loader reserves all of it.
  const std::size_t count = g_count.load(std::memory_order_relaxed);
  if (count == kObjectsMax) {
    return 1;
  }
  g_early[count] = range;
  g_count.store(count + 1, std::memory_order_release);
  return 0;
}

}  // namespace

void note_early_code() {
  ::dl_iterate_phdr(note, nullptr);
}

bool is_late_code(const void* address) {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const std::size_t count = g_count.load(std::memory_order_acquire);
  // Without a list (a process that is not observed) no code is late.
  return count != 0 && std::none_of(g_early, g_early + count, [at](const Range& range) {
           return at >= range.begin && at < range.end;
         });
}

}  // namespace zc::observer
