// The kernel, asked directly: none of these calls is one that we interpose, allocates, locks, sets
// errno, or is a point where a thread may be cancelled.
//
// Thread: any, also between vfork and exec and in a signal handler. Errors: below 0.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include <cstddef>
#include <cstdint>

namespace zc::observer::kernel {

// Not the C library's syscall(), which is one of those that we interpose.
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
  // NOLINTBEGIN(misc-const-correctness): the kernel writes one and the compiler must keep the
  // other.
  long result = number;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(a), "S"(b), "d"(c), "r"(fourth)
                   : "rcx", "r11", "memory");
  // NOLINTEND(misc-const-correctness)
  return result;
}

inline long address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

inline int open(const char* path, int flags) {
  return static_cast<int>(call(SYS_openat, AT_FDCWD, address(path), flags));
}
inline void close(int fd) {
  call(SYS_close, fd);
}
inline int duplicate_above(int fd, int lowest) {
  return static_cast<int>(call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest));
}
inline bool stat(int fd, struct stat& out) {
  return call(SYS_fstat, fd, address(&out)) == 0;
}
inline std::ptrdiff_t write(int fd, const char* bytes, std::size_t size) {
  return call(SYS_write, fd, address(bytes), static_cast<long>(size));
}
// A symlink is there, wherever it leads.
inline bool is_there(int directory, const char* path) {
  struct stat out = {};
  return call(SYS_newfstatat, directory, address(path), address(&out), AT_SYMLINK_NOFOLLOW) == 0;
}
// Neither ends with a NUL byte that counts.
inline std::ptrdiff_t read_link(const char* path, char* out, std::size_t size_max) {
  return call(SYS_readlinkat, AT_FDCWD, address(path), address(out), static_cast<long>(size_max));
}
inline std::ptrdiff_t current_directory(char* out, std::size_t size_max) {
  return call(SYS_getcwd, address(out), static_cast<long>(size_max)) - 1;
}
// Not what the C library remembers: a child of vfork has its own.
inline std::uint32_t process_id() {
  return static_cast<std::uint32_t>(call(SYS_getpid));
}
// The clock of file timestamps, which only moves with the kernel's tick: a file that is changed
// from now on never seems older than this.
inline std::uint64_t file_time_ms() {
  struct timespec now = {};
  call(SYS_clock_gettime, CLOCK_REALTIME_COARSE, address(&now));
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

}  // namespace zc::observer::kernel
