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
auto listed(const void* caller, Event& record, Call call) {
  const auto result = call();
  record.write('T', error_of(result));
  if (is_late_code(caller)) {
    record.write('F', error_of(result));
  }
  return result;
}

template <class Call>
auto listed_path(const void* caller, int directory, const char* path, Call call) {
  Event record;
  record.path(directory, path);
  return listed(caller, record, call);
}

template <class Call>
auto listed_descriptor(const void* caller, int fd, Call call) {
  Event record;
  record.descriptor(fd);
  return listed(caller, record, call);
}

// A walk over everything below `path`.
void record_walk(const char* path) {
  Event record;
  record.path(AT_FDCWD, path);
  record.write('T', 0);
  record.write('!', 0);
}

void record_walks(char* const* paths) {
  for (; *paths != nullptr; ++paths) {
    record_walk(*paths);
  }
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

ZC_AROUND(DIR*, opendir, (const char* path), (path), listed_path, ZC_CALLER, AT_FDCWD, path)
ZC_AROUND(DIR*, fdopendir, (int fd), (fd), listed_descriptor, ZC_CALLER, fd)

// Without a stream: programs that read a directory piece by piece.
ZC_AROUND(ssize_t, getdents64, (int fd, void* out, std::size_t size), (fd, out, size),
          listed_descriptor, ZC_CALLER, fd)

// Callbacks and results are only passed through; their types do not matter here.
ZC_AROUND(int, scandir, (const char* path, void* names, void* filter, void* order),
          (path, names, filter, order), listed_path, ZC_CALLER, AT_FDCWD, path)
ZC_AROUND(int, scandir64, (const char* path, void* names, void* filter, void* order),
          (path, names, filter, order), listed_path, ZC_CALLER, AT_FDCWD, path)
ZC_AROUND(int, scandirat, (int directory, const char* path, void* names, void* filter, void* order),
          (directory, path, names, filter, order), listed_path, ZC_CALLER, directory, path)
ZC_AROUND(int, scandirat64,
          (int directory, const char* path, void* names, void* filter, void* order),
          (directory, path, names, filter, order), listed_path, ZC_CALLER, directory, path)

ZC_BEFORE(int, ftw, (const char* path, void* visit, int depth), (path, visit, depth), record_walk,
          path)
ZC_BEFORE(int, ftw64, (const char* path, void* visit, int depth), (path, visit, depth), record_walk,
          path)
ZC_BEFORE(int, nftw, (const char* path, void* visit, int depth, int flags),
          (path, visit, depth, flags), record_walk, path)
ZC_BEFORE(int, nftw64, (const char* path, void* visit, int depth, int flags),
          (path, visit, depth, flags), record_walk, path)
ZC_BEFORE(void*, fts_open, (char* const* paths, int options, void* order), (paths, options, order),
          record_walks, paths)
ZC_BEFORE(void*, fts64_open, (char* const* paths, int options, void* order),
          (paths, options, order), record_walks, paths)
ZC_BEFORE(int, glob, (const char* pattern, int flags, void* on_error, void* out),
          (pattern, flags, on_error, out), record_pattern, pattern)
ZC_BEFORE(int, glob64, (const char* pattern, int flags, void* on_error, void* out),
          (pattern, flags, on_error, out), record_pattern, pattern)

}  // namespace zc::observer
