// The kernel, asked directly: none of these calls is one that we interpose, allocates, locks, or is
// a point where a thread may be cancelled.
//
// Thread: any, also between vfork and exec and in a signal handler. Errors: -1; they change errno,
// so the caller keeps it (errno_keeper.h).
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace zc::observer::kernel {

inline int open(const char* path, int flags) {
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, 0));
}
inline void close(int fd) {
  ::syscall(SYS_close, fd);
}
inline int duplicate_above(int fd, int lowest) {
  return static_cast<int>(::syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest));
}
inline bool stat(int fd, struct stat& out) {
  return ::syscall(SYS_fstat, fd, &out) == 0;
}
inline std::ptrdiff_t write(int fd, const char* bytes, std::size_t size) {
  return ::syscall(SYS_write, fd, bytes, size);
}
// Neither ends with a NUL byte that counts.
inline std::ptrdiff_t read_link(const char* path, char* out, std::size_t size_max) {
  return ::syscall(SYS_readlinkat, AT_FDCWD, path, out, size_max);
}
inline std::ptrdiff_t current_directory(char* out, std::size_t size_max) {
  return ::syscall(SYS_getcwd, out, size_max) - 1;
}
// Not what the C library remembers: a child of vfork has its own.
inline std::uint32_t process_id() {
  return static_cast<std::uint32_t>(::syscall(SYS_getpid));
}

}  // namespace zc::observer::kernel
