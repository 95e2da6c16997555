// Direct system calls: none of these functions is interposed, allocates, locks, sets errno, or is a
// point where a thread may be cancelled.
//
// Thread: any, also between vfork and exec and in a signal handler. Errors: results below 0.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include <cstddef>
#include <cstdint>

namespace zc::observer::kernel {

// Not the C library's syscall(), which is one of those that we interpose. By the convention of
// x86-64 (syscall(2)): the number in rax, the arguments in rdi, rsi, rdx, r10, r8 and r9, the
// result in rax, where -4095 to -1 are errno values; rcx and r11 are lost.
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                 long f = 0) {
  // NOLINTBEGIN(misc-const-correctness): the kernel writes one and the compiler must keep the
  // other.
  long result = number;
  register long fourth __asm__("r10") = d;
  register long fifth __asm__("r8") = e;
  register long sixth __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  // NOLINTEND(misc-const-correctness)
  return result;
}

inline long address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

// A relative `path` starts at the cwd. The descriptor, or a negative errno.
inline int open(const char* path, int flags) {
  return static_cast<int>(call(SYS_openat, AT_FDCWD, address(path), flags));
}
inline int open_at(int directory, const char* path, int flags) {
  return static_cast<int>(call(SYS_openat, directory, address(path), flags));
}
inline std::ptrdiff_t read_at(int fd, void* out, std::size_t size, std::uint64_t offset) {
  return call(SYS_pread64, fd, address(out), static_cast<long>(size), static_cast<long>(offset));
}
inline bool is_executable(const char* path) {
  constexpr long kMayExecute = 1;  // X_OK
  return call(SYS_faccessat, AT_FDCWD, address(path), kMayExecute) == 0;
}
// Whether the path leads to a plain file that this process may execute.
inline bool is_program(const char* path) {
  struct stat out = {};
  return call(SYS_newfstatat, AT_FDCWD, address(path), address(&out), 0) == 0 &&
         S_ISREG(out.st_mode) && is_executable(path);
}
inline void close(int fd) {
  call(SYS_close, fd);
}
// False, with `out` unspecified, if `fd` is not open.
inline bool stat(int fd, struct stat& out) {
  return call(SYS_fstat, fd, address(&out)) == 0;
}
// Shared with all processes that map the same file. Null: the mapping failed.
inline char* map_shared(int fd, std::size_t size) {
  constexpr long kErrorMin = -4095;
  const long result =
      call(SYS_mmap, 0, static_cast<long>(size), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how the kernel returns a pointer
  return result < 0 && result >= kErrorMin ? nullptr : reinterpret_cast<char*>(result);
}
inline void unmap(char* memory, std::size_t size) {
  call(SYS_munmap, address(memory), static_cast<long>(size));
}
// Whether the address space of the process has a limit of its own, which a mapping counts against.
inline bool is_address_space_limited() {
  struct rlimit limit = {};
  return call(SYS_prlimit64, 0, RLIMIT_AS, 0, address(&limit)) != 0 ||
         limit.rlim_cur != RLIM_INFINITY;
}
// Whether the path exists; a symlink does, wherever it leads.
inline bool is_there(int directory, const char* path) {
  struct stat out = {};
  return call(SYS_newfstatat, directory, address(path), address(&out), AT_SYMLINK_NOFOLLOW) == 0;
}
// False, with `out` unspecified, if nothing is there. `flags` as of newfstatat(2).
inline bool stat_at(int directory, const char* path, int flags, struct stat& out) {
  return call(SYS_newfstatat, directory, address(path), address(&out), flags) == 0;
}
// The errno of a look at what the path leads to, or 0.
inline int look(const char* path) {
  struct stat out = {};
  return static_cast<int>(-call(SYS_newfstatat, AT_FDCWD, address(path), address(&out), 0));
}
// Both return the length, without a NUL byte at the end.
inline std::ptrdiff_t read_link(const char* path, char* out, std::size_t size_max) {
  return call(SYS_readlinkat, AT_FDCWD, address(path), address(out), static_cast<long>(size_max));
}
inline std::ptrdiff_t current_directory(char* out, std::size_t size_max) {
  return call(SYS_getcwd, address(out), static_cast<long>(size_max)) - 1;
}
// From the kernel, not from the C library's memory: a child of vfork has a pid of its own.
inline std::uint32_t process_id() {
  return static_cast<std::uint32_t>(call(SYS_getpid));
}
// The clock of file timestamps, in milliseconds since the epoch. It only moves with the kernel's
// tick: a file that changes from now on never appears older than this.
inline std::uint64_t file_time_ms() {
  struct timespec now = {};
  call(SYS_clock_gettime, CLOCK_REALTIME_COARSE, address(&now));
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

}  // namespace zc::observer::kernel
