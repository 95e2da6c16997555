#include "observer/interpose.h"

#include <dlfcn.h>

#include "observer/errno_keeper.h"

// The linker's marks around the section.
extern "C" {
extern zc::observer::Original* zc_first_original __asm__("__start_zc_originals")
    __attribute__((visibility("hidden")));
extern zc::observer::Original* zc_behind_originals __asm__("__stop_zc_originals")
    __attribute__((visibility("hidden")));
}

namespace zc::observer {

namespace {

// Stands for an original that no library has, as with a C library older than that of the build.
long missing_number() {
  errno = ENOSYS;
  return -1;
}

void* missing_pointer() {
  errno = ENOSYS;
  return nullptr;
}

}  // namespace

void* Original::address() {
  void* address = address_.load(std::memory_order_relaxed);
  if (address != nullptr) {
    return address;
  }
  const ErrnoKeeper keeper;
  address = ::dlsym(RTLD_NEXT, name_);
  if (address == nullptr) {
    address = gives_pointer_ ? reinterpret_cast<void*>(&missing_pointer)
                             : reinterpret_cast<void*>(&missing_number);
  }
  // Relaxed: threads that race find the same address.
  address_.store(address, std::memory_order_relaxed);
  return address;
}

void find_all_originals() {
  for (Original** original = &zc_first_original; original != &zc_behind_originals; ++original) {
    (void)(*original)->address();
  }
}

}  // namespace zc::observer
