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
#include "observer/late_code.h"
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

// Writes an event of `kind` about a path around the call of the original.
template <class Call>
auto recorded(char kind, int directory, const char* path, Call call) {
  if (kind == 'W') {
    Written target(directory, path);
    const auto result = call();
    target.write(error_of(result));
    return result;
  }
  Event record;
  record.path(directory, path);
  const auto result = call();
  record.write(kind, error_of(result));
  return result;
}

bool is_kernel_file(const char* path) {
  constexpr std::size_t kWordBytes = 5;
  return std::strncmp(path, "/dev/", kWordBytes) == 0 ||
         std::strncmp(path, "/sys/", kWordBytes) == 0 ||
         std::strncmp(path, "/proc/", kWordBytes + 1) == 0;
}

// The same around a call that opens a path. What late code opens of the kernel's files is an answer
// (answer.h), too.
template <class Call>
auto opened(const void* caller, char kind, int directory, const char* path, Call call) {
  const auto result = recorded(kind, directory, path, call);
  if (kind != 'W' && error_of(result) == 0 && is_kernel_file(path) && is_late_code(caller)) {
    record_name('J', path);
  }
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

// An event of `kind` about `path`, below `directory`.
#define ZC_RECORD(Result, symbol, kind, directory, parameters, arguments) \
  ZC_AROUND(Result, symbol, parameters, arguments, opened, ZC_CALLER, kind, directory, path)

// The argument behind `flags` exists only if they require it.
// NOLINTBEGIN(bugprone-macro-parentheses): `arguments` has its own
#define ZC_OPEN(Result, symbol, directory, parameters, arguments) \
  ZC_INTERPOSE(Result, symbol, ZC_LIST parameters, ...) {         \
    mode_t mode = 0;                                              \
    if (takes_mode(flags)) {                                      \
      va_list rest;                                               \
      va_start(rest, flags);                                      \
      mode = va_arg(rest, mode_t);                                \
      va_end(rest);                                               \
    }                                                             \
    return opened(ZC_CALLER, open_kind(flags), directory, path,   \
                  [&] { return ZC_NEXT(symbol) arguments; });     \
  }
// NOLINTEND(bugprone-macro-parentheses)
ZC_OPEN(int, open, AT_FDCWD, (const char* path, int flags), (path, flags, mode))
ZC_OPEN(int, open64, AT_FDCWD, (const char* path, int flags), (path, flags, mode))
ZC_OPEN(int, openat, directory, (int directory, const char* path, int flags),
        (directory, path, flags, mode))
ZC_OPEN(int, openat64, directory, (int directory, const char* path, int flags),
        (directory, path, flags, mode))

// The above under _FORTIFY_SOURCE.
ZC_RECORD(int, __open_2, open_kind(flags), AT_FDCWD, (const char* path, int flags), (path, flags))
ZC_RECORD(int, __open64_2, open_kind(flags), AT_FDCWD, (const char* path, int flags), (path, flags))
ZC_RECORD(int, __openat_2, open_kind(flags), directory,
          (int directory, const char* path, int flags), (directory, path, flags))
ZC_RECORD(int, __openat64_2, open_kind(flags), directory,
          (int directory, const char* path, int flags), (directory, path, flags))

ZC_RECORD(int, creat, 'W', AT_FDCWD, (const char* path, mode_t mode), (path, mode))
ZC_RECORD(int, creat64, 'W', AT_FDCWD, (const char* path, mode_t mode), (path, mode))

ZC_RECORD(FILE*, fopen, kind_of(mode), AT_FDCWD, (const char* path, const char* mode), (path, mode))
ZC_RECORD(FILE*, fopen64, kind_of(mode), AT_FDCWD, (const char* path, const char* mode),
          (path, mode))
// Without a path, the C library reopens the stream with another mode.
ZC_RECORD(FILE*, freopen, kind_of(mode), AT_FDCWD,
          (const char* path, const char* mode, FILE* stream), (path, mode, stream))
ZC_RECORD(FILE*, freopen64, kind_of(mode), AT_FDCWD,
          (const char* path, const char* mode, FILE* stream), (path, mode, stream))

ZC_AROUND(int, mkstemp, (char* path), (path), recorded_template, 'W', path)
ZC_AROUND(int, mkstemp64, (char* path), (path), recorded_template, 'W', path)
ZC_AROUND(int, mkostemp, (char* path, int number), (path, number), recorded_template, 'W', path)
ZC_AROUND(int, mkostemp64, (char* path, int number), (path, number), recorded_template, 'W', path)
ZC_AROUND(int, mkstemps, (char* path, int number), (path, number), recorded_template, 'W', path)
ZC_AROUND(int, mkstemps64, (char* path, int number), (path, number), recorded_template, 'W', path)
ZC_AROUND(int, mkostemps, (char* path, int suffix, int flags), (path, suffix, flags),
          recorded_template, 'W', path)
ZC_AROUND(int, mkostemps64, (char* path, int suffix, int flags), (path, suffix, flags),
          recorded_template, 'W', path)
ZC_AROUND(char*, mkdtemp, (char* path), (path), recorded_template, 'M', path)

// Files that are neither plain files nor directories.
ZC_RECORD(int, mkfifo, 'W', AT_FDCWD, (const char* path, mode_t mode), (path, mode))
ZC_RECORD(int, mkfifoat, 'W', directory, (int directory, const char* path, mode_t mode),
          (directory, path, mode))
ZC_RECORD(int, mknod, 'W', AT_FDCWD, (const char* path, mode_t mode, dev_t device),
          (path, mode, device))
ZC_RECORD(int, mknodat, 'W', directory,
          (int directory, const char* path, mode_t mode, dev_t device),
          (directory, path, mode, device))

ZC_AROUND(int, shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode), recorded,
          open_kind(flags), AT_FDCWD, memory_path(name).c_str())
ZC_AROUND(int, shm_unlink, (const char* name), (name), recorded, 'U', AT_FDCWD,
          memory_path(name).c_str())

ZC_RECORD(int, mkdir, 'M', AT_FDCWD, (const char* path, mode_t mode), (path, mode))
ZC_RECORD(int, mkdirat, 'M', directory, (int directory, const char* path, mode_t mode),
          (directory, path, mode))
ZC_RECORD(int, unlink, 'U', AT_FDCWD, (const char* path), (path))
ZC_RECORD(int, unlinkat, 'U', directory, (int directory, const char* path, int flags),
          (directory, path, flags))
ZC_RECORD(int, rmdir, 'U', AT_FDCWD, (const char* path), (path))
ZC_RECORD(int, remove, 'U', AT_FDCWD, (const char* path), (path))

// A rename removes the old name; a hard link only looks at it; the text of a symlink is no access.
ZC_AROUND(int, rename, (const char* from, const char* to), (from, to), recorded, 'U', AT_FDCWD,
          from, AT_FDCWD, to)
ZC_AROUND(int, renameat, (int from_directory, const char* from, int to_directory, const char* to),
          (from_directory, from, to_directory, to), recorded, 'U', from_directory, from,
          to_directory, to)
ZC_AROUND(int, renameat2,
          (int from_directory, const char* from, int to_directory, const char* to, unsigned flags),
          (from_directory, from, to_directory, to, flags), recorded, 'U', from_directory, from,
          to_directory, to)
ZC_AROUND(int, link, (const char* from, const char* to), (from, to), recorded, 'S', AT_FDCWD, from,
          AT_FDCWD, to)
ZC_AROUND(int, linkat,
          (int from_directory, const char* from, int to_directory, const char* to, int flags),
          (from_directory, from, to_directory, to, flags), recorded, 'S', from_directory, from,
          to_directory, to)
ZC_RECORD(int, symlink, 'W', AT_FDCWD, (const char* text, const char* path), (text, path))
ZC_RECORD(int, symlinkat, 'W', directory, (const char* text, int directory, const char* path),
          (text, directory, path))

}  // namespace zc::observer
