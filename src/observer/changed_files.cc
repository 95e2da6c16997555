// Files that are changed without being opened: their permissions, owner, times, size, attributes.
// Such a call makes the old file count as removed (kind U) and another one as written (kind W), so
// that a file which the run did not make itself counts as removed, even if the run removes it
// later.
#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/open_kind.h"

namespace zc::observer {

namespace {

// `record` is about the path already: the call may change what the path means. The first two events
// carry the error of the call.
template <class Call>
int changed(Event& record, WayToWrite way, Call call) {
  const int result = call();
  record.write('U', error_of(result));
  record.write('W', error_of(result));
  if (result == 0) {
    record.write('I', static_cast<int>(way));
  }
  return result;
}

template <class Call>
int changed_descriptor(int fd, Call call) {
  Event record;
  record.descriptor(fd);
  return changed(record, WayToWrite::kChanged, call);
}

// Without a path, or with an empty one that is allowed, the call concerns the descriptor itself.
template <class Call>
int changed_at(int directory, const char* path, int flags, Call call) {
  const bool is_itself = path == nullptr || ((flags & AT_EMPTY_PATH) != 0 && *path == '\0');
  if (is_itself && directory != AT_FDCWD) {
    return changed_descriptor(directory, call);
  }
  Event record;
  record.path(directory, path);
  return changed(record, WayToWrite::kChanged, call);
}

template <class Call>
int changed_path(const char* path, Call call) {
  return changed_at(AT_FDCWD, path, 0, call);
}

template <class Call>
int cut(const char* path, Call call) {
  Event record;
  record.path(AT_FDCWD, path);
  return changed(record, WayToWrite::kInto, call);
}

}  // namespace

ZC_AROUND(int, chmod, (const char* path, mode_t mode), (path, mode), changed_path, path)
ZC_AROUND(int, lchmod, (const char* path, mode_t mode), (path, mode), changed_path, path)
ZC_AROUND(int, fchmod, (int fd, mode_t mode), (fd, mode), changed_descriptor, fd)
ZC_AROUND(int, fchmodat, (int directory, const char* path, mode_t mode, int flags),
          (directory, path, mode, flags), changed_at, directory, path, flags)
ZC_AROUND(int, chown, (const char* path, uid_t user, gid_t group), (path, user, group),
          changed_path, path)
ZC_AROUND(int, lchown, (const char* path, uid_t user, gid_t group), (path, user, group),
          changed_path, path)
ZC_AROUND(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), changed_descriptor, fd)
ZC_AROUND(int, fchownat, (int directory, const char* path, uid_t user, gid_t group, int flags),
          (directory, path, user, group, flags), changed_at, directory, path, flags)

// Times are only passed through; their form does not matter here.
ZC_AROUND(int, utime, (const char* path, const void* times), (path, times), changed_path, path)
ZC_AROUND(int, utimes, (const char* path, const void* times), (path, times), changed_path, path)
ZC_AROUND(int, lutimes, (const char* path, const void* times), (path, times), changed_path, path)
ZC_AROUND(int, futimes, (int fd, const void* times), (fd, times), changed_descriptor, fd)
ZC_AROUND(int, futimens, (int fd, const void* times), (fd, times), changed_descriptor, fd)
ZC_AROUND(int, futimesat, (int directory, const char* path, const void* times),
          (directory, path, times), changed_at, directory, path, 0)
ZC_AROUND(int, utimensat, (int directory, const char* path, const void* times, int flags),
          (directory, path, times, flags), changed_at, directory, path, flags)

ZC_AROUND(int, truncate, (const char* path, off_t size), (path, size), cut, path)
ZC_AROUND(int, truncate64, (const char* path, off_t size), (path, size), cut, path)

ZC_AROUND(int, setxattr,
          (const char* path, const char* name, const void* value, std::size_t size, int flags),
          (path, name, value, size, flags), changed_path, path)
ZC_AROUND(int, lsetxattr,
          (const char* path, const char* name, const void* value, std::size_t size, int flags),
          (path, name, value, size, flags), changed_path, path)
ZC_AROUND(int, removexattr, (const char* path, const char* name), (path, name), changed_path, path)
ZC_AROUND(int, lremovexattr, (const char* path, const char* name), (path, name), changed_path, path)
ZC_AROUND(int, fsetxattr,
          (int fd, const char* name, const void* value, std::size_t size, int flags),
          (fd, name, value, size, flags), changed_descriptor, fd)
ZC_AROUND(int, fremovexattr, (int fd, const char* name), (fd, name), changed_descriptor, fd)

}  // namespace zc::observer
