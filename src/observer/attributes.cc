// Attributes attached to a file, and the state of its file system: the daemon cannot compare them
// later, so kind '!', with the name of the function.
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

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
ZC_BEFORE(int, statfs, (const char* path, void* out), (path, out), record_name, '!', "statfs")
ZC_BEFORE(int, statfs64, (const char* path, void* out), (path, out), record_name, '!', "statfs64")
ZC_BEFORE(int, statvfs, (const char* path, void* out), (path, out), record_name, '!', "statvfs")
ZC_BEFORE(int, statvfs64, (const char* path, void* out), (path, out), record_name, '!', "statvfs64")
ZC_BEFORE(int, fstatfs, (int fd, void* out), (fd, out), record_name, '!', "fstatfs")
ZC_BEFORE(int, fstatfs64, (int fd, void* out), (fd, out), record_name, '!', "fstatfs64")
ZC_BEFORE(int, fstatvfs, (int fd, void* out), (fd, out), record_name, '!', "fstatvfs")
ZC_BEFORE(int, fstatvfs64, (int fd, void* out), (fd, out), record_name, '!', "fstatvfs64")

}  // namespace zc::observer
