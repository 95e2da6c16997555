// Files that are changed without being opened: their permissions, owner, times, size, attributes.
// Such a call makes the old file count as removed (kind U) and another one as written (kind W), so
// that a file which the run did not make itself counts as removed, even if the run removes it
// later.
#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

// `record` is about the path already: the call may change what the path means. Both events carry
// the error of the call.
template <class Call>
int changed(Event& record, Call call) {
  const int result = call();
  record.write('U', error_of(result));
  record.write('W', error_of(result));
  return result;
}

template <class Call>
int changed_path(int directory, const char* path, Call call) {
  Event record;
  record.path(directory, path);
  return changed(record, call);
}

template <class Call>
int changed_descriptor(int fd, Call call) {
  Event record;
  record.descriptor(fd);
  return changed(record, call);
}

// Without a path, or with an empty one that is allowed, the call concerns the descriptor itself.
template <class Call>
int changed_at(int directory, const char* path, int flags, Call call) {
  const bool is_itself = path == nullptr || ((flags & AT_EMPTY_PATH) != 0 && *path == '\0');
  return is_itself && directory != AT_FDCWD ? changed_descriptor(directory, call)
                                            : changed_path(directory, path, call);
}

}  // namespace

#define ZC_CHMOD(symbol)                                                              \
  ZC_INTERPOSE(int, symbol, const char* path, mode_t mode) {                          \
    return changed_path(AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, mode); }); \
  }
ZC_CHMOD(chmod)
ZC_CHMOD(lchmod)
ZC_INTERPOSE(int, fchmod, int fd, mode_t mode) {
  return changed_descriptor(fd, [&] { return ZC_NEXT(fchmod)(fd, mode); });
}
ZC_INTERPOSE(int, fchmodat, int directory, const char* path, mode_t mode, int flags) {
  return changed_at(directory, path, flags,
                    [&] { return ZC_NEXT(fchmodat)(directory, path, mode, flags); });
}

#define ZC_CHOWN(symbol)                                                                     \
  ZC_INTERPOSE(int, symbol, const char* path, uid_t user, gid_t group) {                     \
    return changed_path(AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, user, group); }); \
  }
ZC_CHOWN(chown)
ZC_CHOWN(lchown)
ZC_INTERPOSE(int, fchown, int fd, uid_t user, gid_t group) {
  return changed_descriptor(fd, [&] { return ZC_NEXT(fchown)(fd, user, group); });
}
ZC_INTERPOSE(int, fchownat, int directory, const char* path, uid_t user, gid_t group, int flags) {
  return changed_at(directory, path, flags,
                    [&] { return ZC_NEXT(fchownat)(directory, path, user, group, flags); });
}

// Times are only passed through; their form does not matter here.
#define ZC_UTIMES(symbol)                                                              \
  ZC_INTERPOSE(int, symbol, const char* path, const void* times) {                     \
    return changed_path(AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, times); }); \
  }
#define ZC_FUTIMES(symbol)                                                     \
  ZC_INTERPOSE(int, symbol, int fd, const void* times) {                       \
    return changed_descriptor(fd, [&] { return ZC_NEXT(symbol)(fd, times); }); \
  }
ZC_UTIMES(utime)
ZC_UTIMES(utimes)
ZC_UTIMES(lutimes)
ZC_FUTIMES(futimes)
ZC_FUTIMES(futimens)
ZC_INTERPOSE(int, futimesat, int directory, const char* path, const void* times) {
  return changed_at(directory, path, 0, [&] { return ZC_NEXT(futimesat)(directory, path, times); });
}
ZC_INTERPOSE(int, utimensat, int directory, const char* path, const void* times, int flags) {
  return changed_at(directory, path, flags,
                    [&] { return ZC_NEXT(utimensat)(directory, path, times, flags); });
}

#define ZC_TRUNCATE(symbol)                                                           \
  ZC_INTERPOSE(int, symbol, const char* path, off_t size) {                           \
    return changed_path(AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, size); }); \
  }
ZC_TRUNCATE(truncate)
ZC_TRUNCATE(truncate64)

#define ZC_SETXATTR(symbol)                                                               \
  ZC_INTERPOSE(int, symbol, const char* path, const char* name, const void* value,        \
               std::size_t size, int flags) {                                             \
    return changed_path(AT_FDCWD, path,                                                   \
                        [&] { return ZC_NEXT(symbol)(path, name, value, size, flags); }); \
  }
#define ZC_REMOVEXATTR(symbol)                                                        \
  ZC_INTERPOSE(int, symbol, const char* path, const char* name) {                     \
    return changed_path(AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, name); }); \
  }
ZC_SETXATTR(setxattr)
ZC_SETXATTR(lsetxattr)
ZC_REMOVEXATTR(removexattr)
ZC_REMOVEXATTR(lremovexattr)
ZC_INTERPOSE(int, fsetxattr, int fd, const char* name, const void* value, std::size_t size,
             int flags) {
  return changed_descriptor(fd, [&] { return ZC_NEXT(fsetxattr)(fd, name, value, size, flags); });
}
ZC_INTERPOSE(int, fremovexattr, int fd, const char* name) {
  return changed_descriptor(fd, [&] { return ZC_NEXT(fremovexattr)(fd, name); });
}

}  // namespace zc::observer
