// Paths that are looked at without being opened: kind S; by late code also A, for what stat
// returns, and B, for where symlinks lead.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/late_code.h"

namespace zc::observer {

namespace {

// Writes S around the call of the original, and `late` if the caller is late code. An empty path,
// which with AT_EMPTY_PATH means the descriptor itself, makes no event.
template <class Call>
auto looked_at(const void* caller, char late, int directory, const char* path, Call call) {
  Event record;
  record.path(directory, path);
  const auto result = call();
  record.write('S', error_of(result));
  if (is_late_code(caller)) {
    record.write(late, error_of(result));
  }
  return result;
}

}  // namespace

// The form of what they return does not matter here: it is only passed through.
#define ZC_STAT(symbol)                                                                           \
  ZC_INTERPOSE(int, symbol, const char* path, void* out) {                                        \
    return looked_at(ZC_CALLER, 'A', AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, out); }); \
  }
ZC_STAT(stat)
ZC_STAT(stat64)
ZC_STAT(lstat)
ZC_STAT(lstat64)

// Programs linked with a C library before 2.33 call these instead.
#define ZC_VERSIONED_STAT(symbol)                                          \
  ZC_INTERPOSE(int, symbol, int version, const char* path, void* out) {    \
    return looked_at(ZC_CALLER, 'A', AT_FDCWD, path,                       \
                     [&] { return ZC_NEXT(symbol)(version, path, out); }); \
  }
ZC_VERSIONED_STAT(__xstat)
ZC_VERSIONED_STAT(__xstat64)
ZC_VERSIONED_STAT(__lxstat)
ZC_VERSIONED_STAT(__lxstat64)

#define ZC_FSTATAT(symbol)                                                           \
  ZC_INTERPOSE(int, symbol, int directory, const char* path, void* out, int flags) { \
    return looked_at(ZC_CALLER, 'A', directory, path,                                \
                     [&] { return ZC_NEXT(symbol)(directory, path, out, flags); });  \
  }
ZC_FSTATAT(fstatat)
ZC_FSTATAT(fstatat64)

#define ZC_VERSIONED_FSTATAT(symbol)                                                              \
  ZC_INTERPOSE(int, symbol, int version, int directory, const char* path, void* out, int flags) { \
    return looked_at(ZC_CALLER, 'A', directory, path,                                             \
                     [&] { return ZC_NEXT(symbol)(version, directory, path, out, flags); });      \
  }
ZC_VERSIONED_FSTATAT(__fxstatat)
ZC_VERSIONED_FSTATAT(__fxstatat64)

ZC_INTERPOSE(int, statx, int directory, const char* path, int flags, unsigned mask, void* out) {
  return looked_at(ZC_CALLER, 'A', directory, path,
                   [&] { return ZC_NEXT(statx)(directory, path, flags, mask, out); });
}

#define ZC_ACCESS(symbol)                                                                          \
  ZC_INTERPOSE(int, symbol, const char* path, int mode) {                                          \
    return looked_at(ZC_CALLER, 'A', AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, mode); }); \
  }
ZC_ACCESS(access)
ZC_ACCESS(euidaccess)
ZC_ACCESS(eaccess)

ZC_INTERPOSE(int, faccessat, int directory, const char* path, int mode, int flags) {
  return looked_at(ZC_CALLER, 'A', directory, path,
                   [&] { return ZC_NEXT(faccessat)(directory, path, mode, flags); });
}

ZC_INTERPOSE(ssize_t, readlink, const char* path, char* out, std::size_t size) {
  return looked_at(ZC_CALLER, 'B', AT_FDCWD, path,
                   [&] { return ZC_NEXT(readlink)(path, out, size); });
}
ZC_INTERPOSE(ssize_t, readlinkat, int directory, const char* path, char* out, std::size_t size) {
  return looked_at(ZC_CALLER, 'B', directory, path,
                   [&] { return ZC_NEXT(readlinkat)(directory, path, out, size); });
}

ZC_INTERPOSE(char*, realpath, const char* path, char* out) {
  return looked_at(ZC_CALLER, 'B', AT_FDCWD, path, [&] { return ZC_NEXT(realpath)(path, out); });
}
ZC_INTERPOSE(char*, canonicalize_file_name, const char* path) {
  return looked_at(ZC_CALLER, 'B', AT_FDCWD, path,
                   [&] { return ZC_NEXT(canonicalize_file_name)(path); });
}

// A program's own use of its working directory makes no event; that of late code does.
ZC_INTERPOSE(char*, getcwd, char* out, std::size_t size) {
  if (is_late_code(ZC_CALLER)) {
    Event record;
    record.path(AT_FDCWD, ".");
    record.write('B', 0);
  }
  return ZC_NEXT(getcwd)(out, size);
}

// Some of the above under _FORTIFY_SOURCE: with the size of the buffer.
ZC_INTERPOSE(ssize_t, __readlink_chk, const char* path, char* out, std::size_t size,
             std::size_t room) {
  return looked_at(ZC_CALLER, 'B', AT_FDCWD, path,
                   [&] { return ZC_NEXT(__readlink_chk)(path, out, size, room); });
}
ZC_INTERPOSE(ssize_t, __readlinkat_chk, int directory, const char* path, char* out,
             std::size_t size, std::size_t room) {
  return looked_at(ZC_CALLER, 'B', directory, path,
                   [&] { return ZC_NEXT(__readlinkat_chk)(directory, path, out, size, room); });
}
ZC_INTERPOSE(char*, __realpath_chk, const char* path, char* out, std::size_t room) {
  return looked_at(ZC_CALLER, 'B', AT_FDCWD, path,
                   [&] { return ZC_NEXT(__realpath_chk)(path, out, room); });
}

}  // namespace zc::observer
