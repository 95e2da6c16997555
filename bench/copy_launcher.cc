// A compiler launcher that only copies: what a warm build costs when its cache is free.
//
//   COPY_FROM=<saved build directory> bench_copy_launcher <compiler> <arguments>
//
// The files named by -o and -MF, relative to the build directory, are copied from the same place
// below COPY_FROM. When one is missing there, or the command names none, the compiler runs.
#include <climits>
#include <cstdlib>
#include <string_view>

#include "deliver.h"

namespace {

bool bring(const char* saved_root, const char* path) {
  char saved[PATH_MAX];
  std::snprintf(saved, sizeof saved, "%s/%s", saved_root, path);
  const int from = open(saved, O_RDONLY | O_CLOEXEC);
  return from >= 0 && bench::deliver(from, path);
}

bool bring_outputs(int argc, char** argv) {
  const char* const saved_root = std::getenv("COPY_FROM");
  bool found = false;
  for (int i = 2; saved_root != nullptr && i + 1 < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "-o" || word == "-MF") {
      found = true;
      if (!bring(saved_root, argv[i + 1])) {
        return false;
      }
    }
  }
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    return 2;
  }
  if (bring_outputs(argc, argv)) {
    return 0;
  }
  execvp(argv[1], argv + 1);
  return 127;
}
