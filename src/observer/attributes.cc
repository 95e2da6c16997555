// Attributes attached to a file, and the state of its file system: the daemon cannot compare them
// later, so kind '!', with the name of the function.
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

// Whether or not the call succeeds: a failure depends on the same state.
void record_question(const char* function) {
  Event record;
  record.name(function);
  record.write('!', 0);
}

}  // namespace

#define ZC_GETXATTR(symbol)                                                                        \
  ZC_INTERPOSE(ssize_t, symbol, const char* path, const char* name, void* out, std::size_t size) { \
    record_question(#symbol);                                                                      \
    return ZC_NEXT(symbol)(path, name, out, size);                                                 \
  }
#define ZC_LISTXATTR(symbol)                                                     \
  ZC_INTERPOSE(ssize_t, symbol, const char* path, char* out, std::size_t size) { \
    record_question(#symbol);                                                    \
    return ZC_NEXT(symbol)(path, out, size);                                     \
  }
#define ZC_STATFS(symbol)                                  \
  ZC_INTERPOSE(int, symbol, const char* path, void* out) { \
    record_question(#symbol);                              \
    return ZC_NEXT(symbol)(path, out);                     \
  }
#define ZC_FSTATFS(symbol)                       \
  ZC_INTERPOSE(int, symbol, int fd, void* out) { \
    record_question(#symbol);                    \
    return ZC_NEXT(symbol)(fd, out);             \
  }
ZC_GETXATTR(getxattr)
ZC_GETXATTR(lgetxattr)
ZC_LISTXATTR(listxattr)
ZC_LISTXATTR(llistxattr)
ZC_STATFS(statfs)
ZC_STATFS(statfs64)
ZC_STATFS(statvfs)
ZC_STATFS(statvfs64)
ZC_FSTATFS(fstatfs)
ZC_FSTATFS(fstatfs64)
ZC_FSTATFS(fstatvfs)
ZC_FSTATFS(fstatvfs64)

ZC_INTERPOSE(ssize_t, fgetxattr, int fd, const char* name, void* out, std::size_t size) {
  record_question("fgetxattr");
  return ZC_NEXT(fgetxattr)(fd, name, out, size);
}
ZC_INTERPOSE(ssize_t, flistxattr, int fd, char* out, std::size_t size) {
  record_question("flistxattr");
  return ZC_NEXT(flistxattr)(fd, out, size);
}

}  // namespace zc::observer
