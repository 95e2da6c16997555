// Paths that are looked at without being opened: kind S; by late code also A, for what stat
// returns. Where symlinks lead: also B by late code, Q by other code.
#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/file_times.h"
#include "observer/interpose.h"
#include "observer/late_code.h"
#include "observer/open_files.h"

namespace zc::observer {

namespace {

// Writes S around the call of the original, and `late` if the caller is late code. An empty path,
// which with AT_EMPTY_PATH means the descriptor itself, is as fstat.
template <class Call>
auto looked_at(const void* caller, char late, int directory, const char* path, Call call) {
  if (late == 'A' && !is_text(path)) {
    record_look_at_open_file(caller, directory);
    return call();
  }
  Event record;
  record.path(directory, path);
  const auto result = call();
  record.write('S', error_of(result));
  if (is_late_code(caller)) {
    record.write(late, error_of(result));
  } else if (late == 'B') {
    record.write('Q', error_of(result));
  }
  return result;
}

}  // namespace

#define ZC_LOOK(Result, symbol, late, directory, parameters, arguments) \
  ZC_AROUND(Result, symbol, parameters, arguments, looked_at, ZC_CALLER, late, directory, path)

// What the call has filled is also of interest.
// NOLINTBEGIN(bugprone-macro-parentheses): a type, and what has its own
#define ZC_STAT(Stat, symbol, directory, parameters, arguments)                     \
  ZC_INTERPOSE(int, symbol, ZC_LIST parameters) {                                   \
    return looked_at(ZC_CALLER, 'A', directory, path, [&] {                         \
      return with_times_of_run(ZC_NEXT(symbol) arguments, static_cast<Stat*>(out)); \
    });                                                                             \
  }
// NOLINTEND(bugprone-macro-parentheses)

ZC_STAT(struct stat, stat, AT_FDCWD, (const char* path, void* out), (path, out))
ZC_STAT(struct stat, stat64, AT_FDCWD, (const char* path, void* out), (path, out))
ZC_STAT(struct stat, lstat, AT_FDCWD, (const char* path, void* out), (path, out))
ZC_STAT(struct stat, lstat64, AT_FDCWD, (const char* path, void* out), (path, out))

// Programs linked with a C library before 2.33 call these instead.
ZC_STAT(struct stat, __xstat, AT_FDCWD, (int version, const char* path, void* out),
        (version, path, out))
ZC_STAT(struct stat, __xstat64, AT_FDCWD, (int version, const char* path, void* out),
        (version, path, out))
ZC_STAT(struct stat, __lxstat, AT_FDCWD, (int version, const char* path, void* out),
        (version, path, out))
ZC_STAT(struct stat, __lxstat64, AT_FDCWD, (int version, const char* path, void* out),
        (version, path, out))

ZC_STAT(struct stat, fstatat, directory, (int directory, const char* path, void* out, int flags),
        (directory, path, out, flags))
ZC_STAT(struct stat, fstatat64, directory, (int directory, const char* path, void* out, int flags),
        (directory, path, out, flags))
ZC_STAT(struct stat, __fxstatat, directory,
        (int version, int directory, const char* path, void* out, int flags),
        (version, directory, path, out, flags))
ZC_STAT(struct stat, __fxstatat64, directory,
        (int version, int directory, const char* path, void* out, int flags),
        (version, directory, path, out, flags))
ZC_STAT(StatxBeginning, statx, directory,
        (int directory, const char* path, int flags, unsigned mask, void* out),
        (directory, path, flags, mask_with_times(mask), out))
ZC_LOOK(int, access, 'A', AT_FDCWD, (const char* path, int mode), (path, mode))
ZC_LOOK(int, euidaccess, 'A', AT_FDCWD, (const char* path, int mode), (path, mode))
ZC_LOOK(int, eaccess, 'A', AT_FDCWD, (const char* path, int mode), (path, mode))
ZC_LOOK(int, faccessat, 'A', directory, (int directory, const char* path, int mode, int flags),
        (directory, path, mode, flags))

ZC_LOOK(ssize_t, readlink, 'B', AT_FDCWD, (const char* path, char* out, std::size_t size),
        (path, out, size))
ZC_LOOK(ssize_t, readlinkat, 'B', directory,
        (int directory, const char* path, char* out, std::size_t size),
        (directory, path, out, size))
ZC_LOOK(char*, realpath, 'B', AT_FDCWD, (const char* path, char* out), (path, out))
ZC_LOOK(char*, canonicalize_file_name, 'B', AT_FDCWD, (const char* path), (path))

// Some of the above under _FORTIFY_SOURCE: with the size of the buffer.
ZC_LOOK(ssize_t, __readlink_chk, 'B', AT_FDCWD,
        (const char* path, char* out, std::size_t size, std::size_t room), (path, out, size, room))
ZC_LOOK(ssize_t, __readlinkat_chk, 'B', directory,
        (int directory, const char* path, char* out, std::size_t size, std::size_t room),
        (directory, path, out, size, room))
ZC_LOOK(char*, __realpath_chk, 'B', AT_FDCWD, (const char* path, char* out, std::size_t room),
        (path, out, room))

}  // namespace zc::observer
