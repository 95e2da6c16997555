// What late code asks of a file that is open already: kind O, as a file of which it knows the path.
// Rust's library asks for the size of each file that it reads as a whole, right before it reads it
// or asks for the place in it (kind Z): by that the daemon knows that the rest of the answer was
// not wanted.
#include "observer/open_files.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>

#include "observer/event.h"
#include "observer/file_times.h"
#include "observer/interpose.h"
#include "observer/late_code.h"

namespace zc::observer {

namespace {

// The file that late code asked about last, and has not read since.
std::atomic<int> g_asked = -1;

// Pipes and the like have no path.
void record_open(char kind, int fd) {
  Event record;
  record.open_file(fd);
  record.write(kind, 0);
}

void record_reading(const void* caller, int fd) {
  int asked = fd;
  if (g_asked.load(std::memory_order_relaxed) == fd && is_late_code(caller) &&
      g_asked.compare_exchange_strong(asked, -1)) {
    record_open('Z', fd);
  }
}

void record_place(const void* caller, int fd, off_t offset, int from) {
  if (offset == 0 && from == SEEK_CUR) {
    record_reading(caller, fd);
  }
}

}  // namespace

void record_look_at_open_file(const void* caller, int fd) {
  if (fd >= 0 && is_late_code(caller)) {
    record_open('O', fd);
    g_asked = fd;
  }
}

// NOLINTBEGIN(bugprone-macro-parentheses): a type, and what has its own
#define ZC_STAT_OF_OPEN(symbol, parameters, arguments)                                   \
  ZC_INTERPOSE(int, symbol, ZC_LIST parameters) {                                        \
    record_look_at_open_file(ZC_CALLER, fd);                                             \
    return with_times_of_run(ZC_NEXT(symbol) arguments, static_cast<struct stat*>(out)); \
  }
// NOLINTEND(bugprone-macro-parentheses)
ZC_STAT_OF_OPEN(fstat, (int fd, void* out), (fd, out))
ZC_STAT_OF_OPEN(fstat64, (int fd, void* out), (fd, out))
ZC_STAT_OF_OPEN(__fxstat, (int version, int fd, void* out), (version, fd, out))
ZC_STAT_OF_OPEN(__fxstat64, (int version, int fd, void* out), (version, fd, out))
ZC_BEFORE(ssize_t, read, (int fd, void* out, std::size_t size), (fd, out, size), record_reading,
          ZC_CALLER, fd)
ZC_BEFORE(off_t, lseek, (int fd, off_t offset, int from), (fd, offset, from), record_place,
          ZC_CALLER, fd, offset, from)
ZC_BEFORE(off_t, lseek64, (int fd, off_t offset, int from), (fd, offset, from), record_place,
          ZC_CALLER, fd, offset, from)

}  // namespace zc::observer
