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
  Written(int directory, const char* path, WayToWrite way)
      : was_there_(kernel::is_there(directory, path)), way_(way) {
    record_.path(directory, path);
  }
  void write(int error) {
    if (was_there_ && error == 0) {
      record_.write('U', 0);
    }
    record_.write('W', error);
    const bool is_told = way_ != WayToWrite::kEmptied && (was_there_ || way_ != WayToWrite::kInto);
    if (is_told && error == 0) {
      record_.write('I', static_cast<int>(way_));
    }
  }

 private:
  const bool was_there_;
  const WayToWrite way_;
  Event record_;
};

// Around the call of the original, which writes a path.
template <class Call>
auto written(WayToWrite way, int directory, const char* path, Call call) {
  Written target(directory, path, way);
  const auto result = call();
  target.write(error_of(result));
  return result;
}

// The same for any other kind of event about a path.
template <class Call>
auto recorded(char kind, int directory, const char* path, Call call) {
  Event record;
  record.path(directory, path);
  const auto result = call();
  record.write(kind, error_of(result));
  return result;
}

// By how it is opened: flags, or the mode of fopen.
template <class How, class Call>
auto recorded_open(How how, int directory, const char* path, Call call) {
  const char kind = kind_of(how);
  return kind == 'W' ? written(way_of(how), directory, path, call)
                     : recorded(kind, directory, path, call);
}

bool is_kernel_file(const char* path) {
  constexpr std::size_t kWordBytes = 5;
  return std::strncmp(path, "/dev/", kWordBytes) == 0 ||
         std::strncmp(path, "/sys/", kWordBytes) == 0 ||
         std::strncmp(path, "/proc/", kWordBytes + 1) == 0;
}

// What late code opens of the kernel's files is an answer (answer.h), too.
template <class How, class Call>
auto opened(const void* caller, How how, int directory, const char* path, Call call) {
  const auto result = recorded_open(how, directory, path, call);
  if (kind_of(how) != 'W' && error_of(result) == 0 && is_kernel_file(path) &&
      is_late_code(caller)) {
    record_name('J', path);
  }
  return result;
}

// A call about two paths, of which it writes the second.
template <class Call>
int recorded(char from_kind, int from_directory, const char* from, WayToWrite way, int to_directory,
             const char* to, Call call) {
  Event source;
  source.path(from_directory, from);
  Written target(to_directory, to, way);
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
  if (error_of(result) == 0) {
    record.write('I', static_cast<int>(WayToWrite::kRandomName));
  }
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

// Around a call about `path`, below `directory`: one that opens it, writes it, or makes an event of
// some other kind.
#define ZC_RECORD_OPEN(Result, symbol, how, directory, parameters, arguments) \
  ZC_AROUND(Result, symbol, parameters, arguments, opened, ZC_CALLER, how, directory, path)
#define ZC_RECORD_WRITE(Result, symbol, way, directory, parameters, arguments) \
  ZC_AROUND(Result, symbol, parameters, arguments, written, WayToWrite::way, directory, path)
#define ZC_RECORD(Result, symbol, kind, directory, parameters, arguments) \
  ZC_AROUND(Result, symbol, parameters, arguments, recorded, kind, directory, path)

// The argument behind `flags` exists only if they require it.
// NOLINTBEGIN(bugprone-macro-parentheses): `arguments` has its own
#define ZC_OPEN(Result, symbol, directory, parameters, arguments)                                \
  ZC_INTERPOSE(Result, symbol, ZC_LIST parameters, ...) {                                        \
    mode_t mode = 0;                                                                             \
    if (takes_mode(flags)) {                                                                     \
      va_list rest;                                                                              \
      va_start(rest, flags);                                                                     \
      mode = va_arg(rest, mode_t);                                                               \
      va_end(rest);                                                                              \
    }                                                                                            \
    return opened(ZC_CALLER, flags, directory, path, [&] { return ZC_NEXT(symbol) arguments; }); \
  }
// NOLINTEND(bugprone-macro-parentheses)
ZC_OPEN(int, open, AT_FDCWD, (const char* path, int flags), (path, flags, mode))
ZC_OPEN(int, open64, AT_FDCWD, (const char* path, int flags), (path, flags, mode))
ZC_OPEN(int, openat, directory, (int directory, const char* path, int flags),
        (directory, path, flags, mode))
ZC_OPEN(int, openat64, directory, (int directory, const char* path, int flags),
        (directory, path, flags, mode))

// The above under _FORTIFY_SOURCE.
ZC_RECORD_OPEN(int, __open_2, flags, AT_FDCWD, (const char* path, int flags), (path, flags))
ZC_RECORD_OPEN(int, __open64_2, flags, AT_FDCWD, (const char* path, int flags), (path, flags))
ZC_RECORD_OPEN(int, __openat_2, flags, directory, (int directory, const char* path, int flags),
               (directory, path, flags))
ZC_RECORD_OPEN(int, __openat64_2, flags, directory, (int directory, const char* path, int flags),
               (directory, path, flags))

ZC_RECORD_WRITE(int, creat, kEmptied, AT_FDCWD, (const char* path, mode_t mode), (path, mode))
ZC_RECORD_WRITE(int, creat64, kEmptied, AT_FDCWD, (const char* path, mode_t mode), (path, mode))

ZC_RECORD_OPEN(FILE*, fopen, mode, AT_FDCWD, (const char* path, const char* mode), (path, mode))
ZC_RECORD_OPEN(FILE*, fopen64, mode, AT_FDCWD, (const char* path, const char* mode), (path, mode))
// Without a path, the C library reopens the stream with another mode.
ZC_RECORD_OPEN(FILE*, freopen, mode, AT_FDCWD, (const char* path, const char* mode, FILE* stream),
               (path, mode, stream))
ZC_RECORD_OPEN(FILE*, freopen64, mode, AT_FDCWD, (const char* path, const char* mode, FILE* stream),
               (path, mode, stream))

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
ZC_RECORD_WRITE(int, mkfifo, kNewOnly, AT_FDCWD, (const char* path, mode_t mode), (path, mode))
ZC_RECORD_WRITE(int, mkfifoat, kNewOnly, directory, (int directory, const char* path, mode_t mode),
                (directory, path, mode))
ZC_RECORD_WRITE(int, mknod, kNewOnly, AT_FDCWD, (const char* path, mode_t mode, dev_t device),
                (path, mode, device))
ZC_RECORD_WRITE(int, mknodat, kNewOnly, directory,
                (int directory, const char* path, mode_t mode, dev_t device),
                (directory, path, mode, device))

ZC_AROUND(int, shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode),
          recorded_open, flags, AT_FDCWD, memory_path(name).c_str())
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
          from, WayToWrite::kReplaced, AT_FDCWD, to)
ZC_AROUND(int, renameat, (int from_directory, const char* from, int to_directory, const char* to),
          (from_directory, from, to_directory, to), recorded, 'U', from_directory, from,
          WayToWrite::kReplaced, to_directory, to)
ZC_AROUND(int, renameat2,
          (int from_directory, const char* from, int to_directory, const char* to, unsigned flags),
          (from_directory, from, to_directory, to, flags), recorded, 'U', from_directory, from,
          flags == 0 ? WayToWrite::kReplaced : WayToWrite::kNewOnly, to_directory, to)
ZC_AROUND(int, link, (const char* from, const char* to), (from, to), recorded, 'S', AT_FDCWD, from,
          WayToWrite::kNewOnly, AT_FDCWD, to)
ZC_AROUND(int, linkat,
          (int from_directory, const char* from, int to_directory, const char* to, int flags),
          (from_directory, from, to_directory, to, flags), recorded, 'S', from_directory, from,
          WayToWrite::kNewOnly, to_directory, to)
ZC_RECORD_WRITE(int, symlink, kNewOnly, AT_FDCWD, (const char* text, const char* path),
                (text, path))
ZC_RECORD_WRITE(int, symlinkat, kNewOnly, directory,
                (const char* text, int directory, const char* path), (text, directory, path))

}  // namespace zc::observer
