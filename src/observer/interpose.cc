#include "observer/interpose.h"

#include "observer/early_objects.h"
#include "observer/errno_keeper.h"
#include "observer/event.h"

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

// How a library that stands between could show other content without any call that we know.
constexpr const char* kReaders[] = {"fread",     "pread", "pread64", "readdir",
                                    "readdir64", "fgets", "getline"};

bool is_redirected(const char* name) {
  const void* const address = next_definition(name);
  return address != nullptr && !is_in_c_library(address);
}

}  // namespace

void* Original::address() {
  void* address = address_.load(std::memory_order_relaxed);
  if (address != nullptr) {
    return address;
  }
  const ErrnoKeeper keeper;
  address = next_definition(name_);
  if (address == nullptr) {
    return gives_pointer_ ? reinterpret_cast<void*>(&missing_pointer)
                          : reinterpret_cast<void*>(&missing_number);
  }
  // Relaxed: threads that race find the same address.
  address_.store(address, std::memory_order_relaxed);
  return address;
}

void record_redirections() {
  for (Original** original = &zc_first_original; original != &zc_behind_originals; ++original) {
    if (is_redirected((*original)->name())) {
      record_name('!', (*original)->name());
    }
  }
  for (const char* name : kReaders) {
    if (is_redirected(name)) {
      record_name('!', name);
    }
  }
}

}  // namespace zc::observer
