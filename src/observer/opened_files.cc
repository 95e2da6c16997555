// Files that are opened, made or removed: kinds R, W, M and U (and S for a descriptor that only
// stands for a path).
#include <fcntl.h>
#include <sys/types.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/kernel.h"
#include "observer/open_kind.h"
#include "observer/short_text.h"

namespace zc::observer {

namespace {

// Of the mode of fopen(3): "r" alone only reads; "r+", "w" and "a" write.
char kind_of(const char* mode) {
  return mode[0] == 'r' && std::strchr(mode, '+') == nullptr ? 'R' : 'W';
}

// By open(2): only then has the caller passed a mode, and only then may it be read.
bool takes_mode(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

// A file that is overwritten existed before: it counts as removed (kind U), even if the run removes
// the new one later.
//
// Made before the call of the original, which creates what was not there.
class Written {
 public:
  Written(int directory, const char* path) : was_there_(kernel::is_there(directory, path)) {
    record_.path(directory, path);
  }
  void write(int error) {
    if (was_there_ && error == 0) {
      record_.write('U', 0);
    }
    record_.write('W', error);
  }

 private:
  const bool was_there_;
  Event record_;
};

template <class Call>
auto written(int directory, const char* path, Call call) {
  Written target(directory, path);
  const auto result = call();
  target.write(error_of(result));
  return result;
}

// Writes an event of `kind` about a path around the call of the original.
template <class Call>
auto recorded(char kind, int directory, const char* path, Call call) {
  if (kind == 'W') {
    return written(directory, path, call);
  }
  Event record;
  record.path(directory, path);
  const auto result = call();
  record.write(kind, error_of(result));
  return result;
}

// ... about two paths.
template <class Call>
int recorded(char from_kind, int from_directory, const char* from, int to_directory, const char* to,
             Call call) {
  Event source;
  source.path(from_directory, from);
  Written target(to_directory, to);
  const int result = call();
  source.write(from_kind, error_of(result));
  target.write(error_of(result));
  return result;
}

// mkstemp turns its template into a name, so the path is known after the call.
template <class Call>
auto recorded_template(char kind, char* path, Call call) {
  const auto result = call();
  Event record;
  record.path(AT_FDCWD, path);
  record.write(kind, error_of(result));
  return result;
}

// Named memory is a file of this directory.
using MemoryPath = ShortText<512>;
MemoryPath memory_path(const char* name) {
  while (*name == '/') {
    ++name;
  }
  MemoryPath path;
  path.add("/dev/shm/").add(name);
  return path;
}

}  // namespace

// The argument behind `flags` exists only if they require it.
#define ZC_OPEN(symbol)                                                  \
  ZC_INTERPOSE(int, symbol, const char* path, int flags, ...) {          \
    mode_t mode = 0;                                                     \
    if (takes_mode(flags)) {                                             \
      va_list rest;                                                      \
      va_start(rest, flags);                                             \
      mode = va_arg(rest, mode_t);                                       \
      va_end(rest);                                                      \
    }                                                                    \
    return recorded(open_kind(flags), AT_FDCWD, path,                    \
                    [&] { return ZC_NEXT(symbol)(path, flags, mode); }); \
  }
#define ZC_OPENAT(symbol)                                                           \
  ZC_INTERPOSE(int, symbol, int directory, const char* path, int flags, ...) {      \
    mode_t mode = 0;                                                                \
    if (takes_mode(flags)) {                                                        \
      va_list rest;                                                                 \
      va_start(rest, flags);                                                        \
      mode = va_arg(rest, mode_t);                                                  \
      va_end(rest);                                                                 \
    }                                                                               \
    return recorded(open_kind(flags), directory, path,                              \
                    [&] { return ZC_NEXT(symbol)(directory, path, flags, mode); }); \
  }
ZC_OPEN(open)
ZC_OPEN(open64)
ZC_OPENAT(openat)
ZC_OPENAT(openat64)

// The above under _FORTIFY_SOURCE.
#define ZC_CHECKED_OPEN(symbol)                                    \
  ZC_INTERPOSE(int, symbol, const char* path, int flags) {         \
    return recorded(open_kind(flags), AT_FDCWD, path,              \
                    [&] { return ZC_NEXT(symbol)(path, flags); }); \
  }
#define ZC_CHECKED_OPENAT(symbol)                                             \
  ZC_INTERPOSE(int, symbol, int directory, const char* path, int flags) {     \
    return recorded(open_kind(flags), directory, path,                        \
                    [&] { return ZC_NEXT(symbol)(directory, path, flags); }); \
  }
ZC_CHECKED_OPEN(__open_2)
ZC_CHECKED_OPEN(__open64_2)
ZC_CHECKED_OPENAT(__openat_2)
ZC_CHECKED_OPENAT(__openat64_2)

#define ZC_CREAT(symbol)                                                         \
  ZC_INTERPOSE(int, symbol, const char* path, mode_t mode) {                     \
    return written(AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, mode); }); \
  }
ZC_CREAT(creat)
ZC_CREAT(creat64)

#define ZC_FOPEN(symbol)                                                                         \
  ZC_INTERPOSE(FILE*, symbol, const char* path, const char* mode) {                              \
    return recorded(kind_of(mode), AT_FDCWD, path, [&] { return ZC_NEXT(symbol)(path, mode); }); \
  }
ZC_FOPEN(fopen)
ZC_FOPEN(fopen64)

// Without a path, the C library reopens the stream with another mode.
#define ZC_FREOPEN(symbol)                                                        \
  ZC_INTERPOSE(FILE*, symbol, const char* path, const char* mode, FILE* stream) { \
    return recorded(kind_of(mode), AT_FDCWD, path,                                \
                    [&] { return ZC_NEXT(symbol)(path, mode, stream); });         \
  }
ZC_FREOPEN(freopen)
ZC_FREOPEN(freopen64)

#define ZC_MKSTEMP(symbol)                                                      \
  ZC_INTERPOSE(int, symbol, char* path) {                                       \
    return recorded_template('W', path, [&] { return ZC_NEXT(symbol)(path); }); \
  }
#define ZC_MKSTEMP_WITH(symbol)                                                         \
  ZC_INTERPOSE(int, symbol, char* path, int number) {                                   \
    return recorded_template('W', path, [&] { return ZC_NEXT(symbol)(path, number); }); \
  }
#define ZC_MKOSTEMPS(symbol)                                                                   \
  ZC_INTERPOSE(int, symbol, char* path, int suffix, int flags) {                               \
    return recorded_template('W', path, [&] { return ZC_NEXT(symbol)(path, suffix, flags); }); \
  }
ZC_MKSTEMP(mkstemp)
ZC_MKSTEMP(mkstemp64)
ZC_MKSTEMP_WITH(mkostemp)
ZC_MKSTEMP_WITH(mkostemp64)
ZC_MKSTEMP_WITH(mkstemps)
ZC_MKSTEMP_WITH(mkstemps64)
ZC_MKOSTEMPS(mkostemps)
ZC_MKOSTEMPS(mkostemps64)

ZC_INTERPOSE(char*, mkdtemp, char* path) {
  return recorded_template('M', path, [&] { return ZC_NEXT(mkdtemp)(path); });
}

// Files that are neither plain files nor directories.
ZC_INTERPOSE(int, mkfifo, const char* path, mode_t mode) {
  return written(AT_FDCWD, path, [&] { return ZC_NEXT(mkfifo)(path, mode); });
}
ZC_INTERPOSE(int, mkfifoat, int directory, const char* path, mode_t mode) {
  return written(directory, path, [&] { return ZC_NEXT(mkfifoat)(directory, path, mode); });
}
ZC_INTERPOSE(int, mknod, const char* path, mode_t mode, dev_t device) {
  return written(AT_FDCWD, path, [&] { return ZC_NEXT(mknod)(path, mode, device); });
}
ZC_INTERPOSE(int, mknodat, int directory, const char* path, mode_t mode, dev_t device) {
  return written(directory, path, [&] { return ZC_NEXT(mknodat)(directory, path, mode, device); });
}

ZC_INTERPOSE(int, shm_open, const char* name, int flags, mode_t mode) {
  return recorded(open_kind(flags), AT_FDCWD, memory_path(name).c_str(),
                  [&] { return ZC_NEXT(shm_open)(name, flags, mode); });
}
ZC_INTERPOSE(int, shm_unlink, const char* name) {
  return recorded('U', AT_FDCWD, memory_path(name).c_str(),
                  [&] { return ZC_NEXT(shm_unlink)(name); });
}

ZC_INTERPOSE(int, mkdir, const char* path, mode_t mode) {
  return recorded('M', AT_FDCWD, path, [&] { return ZC_NEXT(mkdir)(path, mode); });
}
ZC_INTERPOSE(int, mkdirat, int directory, const char* path, mode_t mode) {
  return recorded('M', directory, path, [&] { return ZC_NEXT(mkdirat)(directory, path, mode); });
}

ZC_INTERPOSE(int, unlink, const char* path) {
  return recorded('U', AT_FDCWD, path, [&] { return ZC_NEXT(unlink)(path); });
}
ZC_INTERPOSE(int, unlinkat, int directory, const char* path, int flags) {
  return recorded('U', directory, path, [&] { return ZC_NEXT(unlinkat)(directory, path, flags); });
}
ZC_INTERPOSE(int, rmdir, const char* path) {
  return recorded('U', AT_FDCWD, path, [&] { return ZC_NEXT(rmdir)(path); });
}
ZC_INTERPOSE(int, remove, const char* path) {
  return recorded('U', AT_FDCWD, path, [&] { return ZC_NEXT(remove)(path); });
}

// A rename removes the old name; a hard link only looks at it; the text of a symlink is no access.
ZC_INTERPOSE(int, rename, const char* from, const char* to) {
  return recorded('U', AT_FDCWD, from, AT_FDCWD, to, [&] { return ZC_NEXT(rename)(from, to); });
}
ZC_INTERPOSE(int, renameat, int from_directory, const char* from, int to_directory,
             const char* to) {
  return recorded('U', from_directory, from, to_directory, to,
                  [&] { return ZC_NEXT(renameat)(from_directory, from, to_directory, to); });
}
ZC_INTERPOSE(int, renameat2, int from_directory, const char* from, int to_directory, const char* to,
             unsigned flags) {
  return recorded('U', from_directory, from, to_directory, to, [&] {
    return ZC_NEXT(renameat2)(from_directory, from, to_directory, to, flags);
  });
}
ZC_INTERPOSE(int, link, const char* from, const char* to) {
  return recorded('S', AT_FDCWD, from, AT_FDCWD, to, [&] { return ZC_NEXT(link)(from, to); });
}
ZC_INTERPOSE(int, linkat, int from_directory, const char* from, int to_directory, const char* to,
             int flags) {
  return recorded('S', from_directory, from, to_directory, to,
                  [&] { return ZC_NEXT(linkat)(from_directory, from, to_directory, to, flags); });
}
ZC_INTERPOSE(int, symlink, const char* text, const char* path) {
  return written(AT_FDCWD, path, [&] { return ZC_NEXT(symlink)(text, path); });
}
ZC_INTERPOSE(int, symlinkat, const char* text, int directory, const char* path) {
  return written(directory, path, [&] { return ZC_NEXT(symlinkat)(text, directory, path); });
}

}  // namespace zc::observer
