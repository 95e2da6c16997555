#include "observer/early_objects.h"

#include <link.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "observer/symbol_table.h"

namespace zc::observer {

namespace {

struct Object {
  std::uintptr_t begin = UINTPTR_MAX;
  std::uintptr_t end = 0;
  const char* name = nullptr;
  SymbolTable symbols;

  bool has(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return at >= begin && at < end;
  }
};

// Of a program with more objects, the others are taken for late.
constexpr std::size_t kObjectsMax = 256;
Object g_objects[kObjectsMax];
std::atomic<std::size_t> g_count = 0;

// An address of ours.
const void* self() {
  return &g_objects;
}

// The range goes from the first byte of the object to its last: the loader reserves all of it.
Object object_of(const dl_phdr_info& info) {
  Object out;
  out.name = info.dlpi_name;
  for (ElfW(Half) i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    const std::uintptr_t begin = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      out.begin = std::min(out.begin, begin);
      out.end = std::max(out.end, begin + segment.p_memsz);
    } else if (segment.p_type == PT_DYNAMIC) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers.
      out.symbols = SymbolTable(info.dlpi_addr, reinterpret_cast<const ElfW(Dyn)*>(begin));
    }
  }
  return out;
}

int note(dl_phdr_info* info, std::size_t /*size*/, void* count) {
  auto& noted = *static_cast<std::size_t*>(count);
  if (noted == kObjectsMax) {
    return 1;
  }
  g_objects[noted] = object_of(*info);
  ++noted;
  return 0;
}

// A search among all objects that are loaded now.
struct Search {
  const char* name;
  bool is_behind = false;  // the observer
  void* found = nullptr;
};

int search(dl_phdr_info* info, std::size_t /*size*/, void* context) {
  auto& wanted = *static_cast<Search*>(context);
  const Object object = object_of(*info);
  if (object.has(self())) {
    wanted.is_behind = true;
  } else if (wanted.is_behind) {
    wanted.found = object.symbols.find(wanted.name);
  }
  return wanted.found == nullptr ? 0 : 1;
}

const Object* object_with(const void* address) {
  const std::span objects(g_objects, g_count.load(std::memory_order_acquire));
  const auto found =
      std::ranges::find_if(objects, [&](const Object& object) { return object.has(address); });
  return found == objects.end() ? nullptr : &*found;
}

}  // namespace

void note_early_objects() {
  if (g_count.load(std::memory_order_relaxed) == 0) {
    std::size_t count = 0;
    ::dl_iterate_phdr(note, &count);
    g_count.store(count, std::memory_order_release);
  }
}

bool is_in_early_object(const void* address) {
  return g_count.load(std::memory_order_acquire) == 0 || object_with(address) != nullptr;
}

void* next_definition(const char* name) {
  const std::size_t count = g_count.load(std::memory_order_acquire);
  const Object* const ours = object_with(self());
  void* found = nullptr;
  for (const Object* at = ours; at != nullptr && found == nullptr && at + 1 < g_objects + count;
       ++at) {
    found = at[1].symbols.find(name);
  }
  if (found != nullptr) {
    return found;
  }
  Search wanted = {.name = name};
  ::dl_iterate_phdr(search, &wanted);
  return wanted.found;
}

const char* own_path() {
  const Object* const ours = object_with(self());
  return ours == nullptr ? nullptr : ours->name;
}

bool is_in_c_library(const void* address) {
  const Object* const object = object_with(address);
  if (object == nullptr || object->name == nullptr) {
    return false;
  }
  const char* const slash = std::strrchr(object->name, '/');
  const std::string_view name = slash == nullptr ? object->name : slash + 1;
  // Before glibc 2.34 it came in several files; musl is one, the loader at the same time. Of some
  // functions (`time`) the kernel brings a faster form along.
  for (const std::string_view part : {"libc.so", "libc-2", "libc.musl", "libpthread", "librt",
                                      "libdl", "ld-linux", "ld-musl", "ld-2", "linux-vdso"}) {
    if (name.starts_with(part)) {
      return true;
    }
  }
  return false;
}

}  // namespace zc::observer
