// How a benchmark program puts a file into place: unnamed temporary file in the destination's
// directory, copy_file_range, unlink of the old name, linkat. The same steps as the product's
// client takes, without its fallbacks, so that the two can be compared.
//
// Thread: any. Errors: false, and errno is the failed call's.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstring>

namespace bench {

inline int open_unnamed_beside(const char* path) {
  char directory[PATH_MAX];
  const char* slash = std::strrchr(path, '/');
  if (slash == nullptr) {
    std::strcpy(directory, ".");
  } else {
    const auto length = static_cast<std::size_t>(slash - path);
    std::memcpy(directory, path, length);
    directory[length] = '\0';
  }
  return open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

inline bool copy_all(int from, int to) {
  while (true) {
    const ssize_t copied = copy_file_range(from, nullptr, to, nullptr, SSIZE_MAX / 2, 0);
    if (copied <= 0) {
      return copied == 0;
    }
  }
}

inline bool deliver(int blob, const char* path) {
  const int out = open_unnamed_beside(path);
  if (out < 0 || !copy_all(blob, out)) {
    return false;
  }
  char self[64];
  std::snprintf(self, sizeof self, "/proc/self/fd/%d", out);
  unlink(path);
  return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace bench
