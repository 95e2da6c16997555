#include "observer/described_process.h"

#include <link.h>

#include <atomic>
#include <cstdint>
#include <cstring>

#include "observer/channel.h"
#include "observer/early_objects.h"
#include "observer/errno_keeper.h"
#include "observer/event.h"
#include "observer/kernel.h"

namespace zc::observer {

namespace {

// The process that expects new objects. Not a flag: a child of vfork shares it, and must not wait
// for the loader's lock.
std::atomic<std::uint32_t> g_expecting = 0;
// How often the loader had added an object when we looked last.
std::atomic<unsigned long long> g_additions = 0;

// By an address of ours: the loader knows the observer by whatever path the client gave it.
bool is_ourselves(const dl_phdr_info& object) {
  const auto self = reinterpret_cast<ElfW(Addr)>(&g_expecting);
  for (ElfW(Half) i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    const ElfW(Addr) begin = object.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && self >= begin && self - begin < segment.p_memsz) {
      return true;
    }
  }
  return false;
}

// The program itself has no name here, and what the kernel brings along no directory.
void tell_object(const dl_phdr_info& object) {
  if (object.dlpi_name == nullptr || std::strchr(object.dlpi_name, '/') == nullptr ||
      is_ourselves(object)) {
    return;
  }
  Event record;
  record.path(AT_FDCWD, object.dlpi_name);
  record.write('L', 0);
}

int visit(dl_phdr_info* object, std::size_t /*size*/, void* /*context*/) {
  tell_object(*object);
  return 0;
}

// Reads the count from the first object and ends the walk there: all objects carry the same count.
int visit_if_new(dl_phdr_info* object, std::size_t /*size*/, void* is_new) {
  *static_cast<bool*>(is_new) = g_additions.exchange(object->dlpi_adds) != object->dlpi_adds;
  return 1;
}

}  // namespace

void describe_process() {
  note_early_objects();
  Event program;
  program.program();
  program.write('H', 0);
  bool is_new = false;
  ::dl_iterate_phdr(visit_if_new, &is_new);
  ::dl_iterate_phdr(visit, nullptr);
}

void expect_new_objects() {
  const ErrnoKeeper keeper;
  g_expecting = kernel::process_id();
}

void tell_new_objects() {
  const std::uint32_t expecting = g_expecting.load(std::memory_order_relaxed);
  if (expecting == 0 || expecting != kernel::process_id()) {
    return;
  }
  bool is_new = false;
  ::dl_iterate_phdr(visit_if_new, &is_new);
  if (is_new) {
    ::dl_iterate_phdr(visit, nullptr);
  }
}

void tell_all_objects() {
  if (is_observing()) {
    const ErrnoKeeper keeper;
    ::dl_iterate_phdr(visit, nullptr);
  }
}

}  // namespace zc::observer
