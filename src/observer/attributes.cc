// Attributes attached to a file, and the state of its file system: the daemon cannot compare them
// later, so kind '!', with the name of the function.
#include <fcntl.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

// A path that is not there has no file system: the call has only looked. (Programs that know
// SELinux look for its directory in this way when they start.)
template <class Call>
int recorded_state(const char* name, const char* path, Call call) {
  Event look;
  look.path(AT_FDCWD, path);
  const int result = call();
  if (error_of(result) == ENOENT) {
    look.write('S', ENOENT);
  } else {
    record_name('!', name);
  }
  return result;
}

}  // namespace

ZC_BEFORE(ssize_t, getxattr, (const char* path, const char* name, void* out, std::size_t size),
          (path, name, out, size), record_name, '!', "getxattr")
ZC_BEFORE(ssize_t, lgetxattr, (const char* path, const char* name, void* out, std::size_t size),
          (path, name, out, size), record_name, '!', "lgetxattr")
ZC_BEFORE(ssize_t, fgetxattr, (int fd, const char* name, void* out, std::size_t size),
          (fd, name, out, size), record_name, '!', "fgetxattr")
ZC_BEFORE(ssize_t, listxattr, (const char* path, char* out, std::size_t size), (path, out, size),
          record_name, '!', "listxattr")
ZC_BEFORE(ssize_t, llistxattr, (const char* path, char* out, std::size_t size), (path, out, size),
          record_name, '!', "llistxattr")
ZC_BEFORE(ssize_t, flistxattr, (int fd, char* out, std::size_t size), (fd, out, size), record_name,
          '!', "flistxattr")
ZC_AROUND(int, statfs, (const char* path, void* out), (path, out), recorded_state, "statfs", path)
ZC_AROUND(int, statfs64, (const char* path, void* out), (path, out), recorded_state, "statfs64",
          path)
ZC_AROUND(int, statvfs, (const char* path, void* out), (path, out), recorded_state, "statvfs", path)
ZC_AROUND(int, statvfs64, (const char* path, void* out), (path, out), recorded_state, "statvfs64",
          path)
ZC_BEFORE(int, fstatfs, (int fd, void* out), (fd, out), record_name, '!', "fstatfs")
ZC_BEFORE(int, fstatfs64, (int fd, void* out), (fd, out), record_name, '!', "fstatfs64")
ZC_BEFORE(int, fstatvfs, (int fd, void* out), (fd, out), record_name, '!', "fstatvfs")
ZC_BEFORE(int, fstatvfs64, (int fd, void* out), (fd, out), record_name, '!', "fstatvfs64")

}  // namespace zc::observer
