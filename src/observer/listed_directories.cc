// Directories that are listed: kind T; by late code also F. The C library's walkers visit many
// directories without calling an interposed function; for those the observer also writes '!',
// because it does not see the rest.
#include <dirent.h>
#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>
#include <cstring>

#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/late_code.h"

namespace zc::observer {

namespace {

// T around the call of the original, and F if the caller is late code.
template <class Call>
auto listed(const void* caller, int directory, const char* path, Call call) {
  Event record;
  record.path(directory, path);
  const auto result = call();
  record.write('T', error_of(result));
  if (is_late_code(caller)) {
    record.write('F', error_of(result));
  }
  return result;
}

// A walk over everything below `path`.
template <class Call>
auto walked(const char* path, Call call) {
  Event record;
  record.path(AT_FDCWD, path);
  record.write('T', 0);
  record.write('!', 0);
  return call();
}

// The C library lists the directory of the first name with a wildcard; if more names follow, also
// the directories that match.
void record_pattern(const char* pattern) {
  const char* const wildcard = std::strpbrk(pattern, "*?[{~\\");
  if (wildcard == nullptr) {
    Event record;
    record.path(AT_FDCWD, pattern);
    record.write('S', 0);
    return;
  }
  const char* name = wildcard;
  while (name != pattern && name[-1] != '/') {
    --name;
  }
  Event directory;
  directory.path_before(AT_FDCWD, pattern, static_cast<std::size_t>(name - pattern));
  directory.write('T', 0);
  if (std::strchr(wildcard, '/') != nullptr || std::strpbrk(wildcard, "{~\\") != nullptr) {
    directory.write('!', 0);
  }
}

}  // namespace

ZC_INTERPOSE(DIR*, opendir, const char* path) {
  return listed(ZC_CALLER, AT_FDCWD, path, [&] { return ZC_NEXT(opendir)(path); });
}

ZC_INTERPOSE(DIR*, fdopendir, int fd) {
  Event record;
  record.descriptor(fd);
  DIR* const result = ZC_NEXT(fdopendir)(fd);
  record.write('T', error_of(result));
  if (is_late_code(ZC_CALLER)) {
    record.write('F', error_of(result));
  }
  return result;
}

// Without a stream: programs that read a directory piece by piece.
ZC_INTERPOSE(ssize_t, getdents64, int fd, void* out, std::size_t size) {
  Event record;
  record.descriptor(fd);
  const ssize_t result = ZC_NEXT(getdents64)(fd, out, size);
  record.write('T', error_of(result));
  if (is_late_code(ZC_CALLER)) {
    record.write('F', error_of(result));
  }
  return result;
}

// Callbacks and results are only passed through; their types do not matter here.
#define ZC_SCANDIR(symbol)                                                              \
  ZC_INTERPOSE(int, symbol, const char* path, void* names, void* filter, void* order) { \
    return listed(ZC_CALLER, AT_FDCWD, path,                                            \
                  [&] { return ZC_NEXT(symbol)(path, names, filter, order); });         \
  }
#define ZC_SCANDIRAT(symbol)                                                               \
  ZC_INTERPOSE(int, symbol, int directory, const char* path, void* names, void* filter,    \
               void* order) {                                                              \
    return listed(ZC_CALLER, directory, path,                                              \
                  [&] { return ZC_NEXT(symbol)(directory, path, names, filter, order); }); \
  }
ZC_SCANDIR(scandir)
ZC_SCANDIR(scandir64)
ZC_SCANDIRAT(scandirat)
ZC_SCANDIRAT(scandirat64)

#define ZC_FTW(symbol)                                                        \
  ZC_INTERPOSE(int, symbol, const char* path, void* visit, int depth) {       \
    return walked(path, [&] { return ZC_NEXT(symbol)(path, visit, depth); }); \
  }
#define ZC_NFTW(symbol)                                                              \
  ZC_INTERPOSE(int, symbol, const char* path, void* visit, int depth, int flags) {   \
    return walked(path, [&] { return ZC_NEXT(symbol)(path, visit, depth, flags); }); \
  }
ZC_FTW(ftw)
ZC_FTW(ftw64)
ZC_NFTW(nftw)
ZC_NFTW(nftw64)

// The events of all paths first; the call of the original then begins the walk.
#define ZC_FTS_OPEN(symbol)                                                   \
  ZC_INTERPOSE(void*, symbol, char* const* paths, int options, void* order) { \
    for (char* const* path = paths; *path != nullptr; ++path) {               \
      walked(*path, [] { return 0; });                                        \
    }                                                                         \
    return ZC_NEXT(symbol)(paths, options, order);                            \
  }
ZC_FTS_OPEN(fts_open)
ZC_FTS_OPEN(fts64_open)

#define ZC_GLOB(symbol)                                                                  \
  ZC_INTERPOSE(int, symbol, const char* pattern, int flags, void* on_error, void* out) { \
    record_pattern(pattern);                                                             \
    return ZC_NEXT(symbol)(pattern, flags, on_error, out);                               \
  }
ZC_GLOB(glob)
ZC_GLOB(glob64)

}  // namespace zc::observer
