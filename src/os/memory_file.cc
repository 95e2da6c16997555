#include "os/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace zc::os {

Result<MemoryFile> MemoryFile::make(const char* name, std::size_t size_bytes) {
  // F_SEAL_SEAL: otherwise a process that has the file could seal it against later writers.
  Fd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size_bytes)) != 0 ||
      ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return fail_errno(errno, "cannot make a memory file");
  }
  void* const mapped = ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (mapped == MAP_FAILED) {
    return fail_errno(errno, "cannot map a memory file");
  }
  return MemoryFile(std::move(fd), {static_cast<char*>(mapped), size_bytes});
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : fd_(std::move(other.fd_)), bytes_(std::exchange(other.bytes_, {})) {}

MemoryFile::~MemoryFile() {
  if (!bytes_.empty()) {
    ::munmap(bytes_.data(), bytes_.size());
  }
}

Fd make_growing_memory_file(const char* name) {
  return Fd(::memfd_create(name, MFD_CLOEXEC));
}

}  // namespace zc::os
